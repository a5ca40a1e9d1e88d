package io.millrace.transfer;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A file as it is offered.
 *
 * @param name without folders, 1 to 255 bytes in UTF-8.
 * @param length in bytes, 0 to {@code chunkLength * (2^31 - 1)}.
 * @param chunkLength bytes of every chunk but the last, 1 to 65535.
 * @param sha256 of the whole file, 32 bytes in lower-case hex.
 */
public record OfferedFile(String name, long length, int chunkLength, String sha256) {
    /** Longest name, in bytes of UTF-8. */
    public static final int MAX_NAME_LENGTH = 255;

    static final int MAX_CHUNK_LENGTH = 0xFFFF;
    static final int SHA256_LENGTH = 32;

    /** Checks the ranges. */
    public OfferedFile {
        final int nameLength = name.getBytes(StandardCharsets.UTF_8).length;
        if (nameLength < 1 || nameLength > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("name must be 1 to 255 bytes: nameLength=" + nameLength);
        }
        if (chunkLength < 1 || chunkLength > MAX_CHUNK_LENGTH) {
            throw new IllegalArgumentException("chunkLength must be 1 to 65535: chunkLength=" + chunkLength);
        }
        if (length < 0 || length > (long) chunkLength * Integer.MAX_VALUE) {
            throw new IllegalArgumentException("length must be 0 to 2^31 - 1 chunks: length=" + length);
        }
        if (sha256.length() != 2 * SHA256_LENGTH || !sha256.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("sha256 must be 32 bytes in hex: sha256=" + sha256);
        }
    }

    /** Number of chunks; 0 for an empty file. */
    public int chunkCount() {
        return (int) ((length + chunkLength - 1) / chunkLength);
    }

    /** Position in the file of chunk {@code index}, in bytes. */
    long positionOf(int index) {
        return (long) index * chunkLength;
    }

    /** Length of chunk {@code index} in bytes. */
    int lengthOf(int index) {
        return (int) Math.min(chunkLength, length - positionOf(index));
    }
}
