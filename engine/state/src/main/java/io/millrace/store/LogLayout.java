package io.millrace.store;

/**
 * How a log grows.
 *
 * @param name of the file without its ending: lower-case letters, digits and dashes, at most 64.
 * @param maxRecordLength in bytes, 1 to a quarter of the chunk.
 * @param chunkLength by which the file grows, in bytes: a multiple of 4,096, 4 KiB to 1 GiB.
 * @param writing how records get into the file; either way reads the other's files.
 */
public record LogLayout(String name, int maxRecordLength, int chunkLength, Writing writing) {
    /** How records get into the file. */
    public enum Writing {
        /** Stores to mapped memory: no system call per record, but each page costs a fault and a commit an interruption. */
        MAPPED,
        /**
         * One system call per record and no page of the mapping is ever dirty: for records of many kilobytes. An
         * interrupt of the appending thread fails the log.
         */
        CALLED
    }

    /** Default length of a chunk in bytes: 4 MiB. */
    public static final int DEFAULT_CHUNK_LENGTH = 1 << 22;

    private static final int PAGE = 4096;
    private static final int MAX_CHUNK_LENGTH = 1 << 30;

    public LogLayout {
        Store.requireName(name);
        if (chunkLength < PAGE || chunkLength > MAX_CHUNK_LENGTH || chunkLength % PAGE != 0) {
            throw new IllegalArgumentException(
                    "chunkLength must be a multiple of 4096 up to 1 GiB: chunkLength=" + chunkLength);
        }
        if (maxRecordLength < 1 || maxRecordLength > chunkLength / 4) {
            throw new IllegalArgumentException("maxRecordLength must be 1 to a quarter of the chunk: maxRecordLength="
                    + maxRecordLength + ", chunkLength=" + chunkLength);
        }
    }

    /** With records that are written to mapped memory. */
    public LogLayout(String name, int maxRecordLength, int chunkLength) {
        this(name, maxRecordLength, chunkLength, Writing.MAPPED);
    }

    /** With chunks of the default length. */
    public LogLayout(String name, int maxRecordLength) {
        this(name, maxRecordLength, DEFAULT_CHUNK_LENGTH);
    }
}
