package io.millrace.map;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code NAME.counts} of a map that was closed: two big-endian longs, the number of entries and the bytes of
 * their values. It spares the next opening the counting, and is deleted by it.
 */
final class MapCounts {
    private final Path file;

    MapCounts(Path file) {
        this.file = file;
    }

    /**
     * Content of a map.
     *
     * @param entries number of entries, 0 or more.
     * @param valueBytes bytes of all values, 0 or more.
     */
    record Counts(long entries, long valueBytes) {}

    /**
     * Reads and deletes the file.
     *
     * @param clean whether the map was closed; else the file is only deleted.
     * @return the counts, if the file has them.
     */
    Optional<Counts> take(boolean clean) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        Files.delete(file);
        return clean && bytes.remaining() == 2 * Long.BYTES
                ? Optional.of(new Counts(bytes.getLong(), bytes.getLong()))
                : Optional.empty();
    }

    /** Writes the file; before the store leaves its mark that it was closed. */
    void leave(Counts counts) throws IOException {
        WholeFile.write(
                file,
                ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(counts.entries)
                        .putLong(counts.valueBytes)
                        .flip());
    }
}
