package io.millrace.map;

import io.millrace.store.Store;
import java.util.Locale;

/**
 * Size and lengths of a map's entries. A file is opened with the layout that it was made with.
 *
 * @param name of the file without its ending: lower-case letters, digits and dashes, at most 64.
 * @param keyLength of every key in bytes, 1 to 256. The library spreads keys by an unkeyed hash: use cryptographic hashes
 *     or numbers of one's own as keys, not bytes that a stranger may choose.
 * @param averageValueLength in bytes, 1 to {@code maxValueLength}; the map is full when the values together are longer
 *     than {@code maxEntries} times this.
 * @param maxValueLength in bytes, at most {@value #MAX_SPREAD} times the average.
 * @param maxEntries 1 to 2^30.
 */
public record MapLayout(String name, int keyLength, int averageValueLength, int maxValueLength, long maxEntries) {
    /** How many times the average the longest value may be. */
    public static final int MAX_SPREAD = 4;

    /** Longest key in bytes. */
    static final int MAX_KEY_LENGTH = 256;

    private static final long MAX_ENTRIES = 1L << 30;

    public MapLayout {
        Store.requireName(name);
        if (keyLength < 1 || keyLength > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException("keyLength must be 1 to " + MAX_KEY_LENGTH + ": keyLength=" + keyLength);
        }
        if (averageValueLength < 1
                || averageValueLength > maxValueLength
                || maxValueLength > (long) MAX_SPREAD * averageValueLength) {
            throw new IllegalArgumentException("maxValueLength must be 1 to " + MAX_SPREAD
                    + " times averageValueLength: averageValueLength=" + averageValueLength + ", maxValueLength="
                    + maxValueLength);
        }
        if (maxEntries < 1 || maxEntries > MAX_ENTRIES) {
            throw new IllegalArgumentException("maxEntries must be 1 to " + MAX_ENTRIES + ": maxEntries=" + maxEntries);
        }
    }

    /** Bytes that all values together may have. */
    long maxValueBytes() {
        return maxEntries * averageValueLength;
    }

    /** The line of the format file. */
    String line() {
        return String.format(
                Locale.ROOT, "map %s %d %d %d %d", name, keyLength, averageValueLength, maxValueLength, maxEntries);
    }
}
