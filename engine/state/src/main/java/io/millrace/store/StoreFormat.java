package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file {@code format} of a store: its version, and the layout of each map, one line each.
 *
 * <p>Version 0 had no lines for maps: the first opening of each map writes its line down.
 */
final class StoreFormat {
    /** The version that is written. */
    static final int VERSION = 1;

    private static final String FILE_NAME = "format";
    private static final String FIRST = "millrace-store ";

    private final Path directory;
    private final List<String> maps = new ArrayList<>();

    private StoreFormat(Path directory) {
        this.directory = directory;
    }

    /** Reads the format of a store, brings an older one up to date, or begins a new one. */
    static StoreFormat open(Path directory) throws IOException {
        final StoreFormat format = new StoreFormat(directory);
        final Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            format.write();
            return format;
        }
        final List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        final int version = lines.isEmpty() ? -1 : version(lines.getFirst());
        if (version < 0) {
            throw new StoreException("not the format of a store: remove the directory or name another: file=" + file);
        }
        if (version > VERSION) {
            throw new StoreException("written by a newer version of this program; use that one: file=" + file
                    + ", version=" + version + ", known=" + VERSION);
        }
        format.maps.addAll(lines.subList(1, lines.size()));
        if (version < VERSION) {
            format.write();
        }
        return format;
    }

    /**
     * Checks that a file was made with this layout, or writes the layout down.
     *
     * @param line kind, name and layout, divided by spaces.
     */
    void admit(String line) throws IOException {
        final String start = line.substring(0, line.indexOf(' ', line.indexOf(' ') + 1) + 1);
        for (String known : maps) {
            if (known.startsWith(start)) {
                if (!known.equals(line)) {
                    throw new StoreException(
                            "the map was made with another layout (name, keyLength, averageValueLength,"
                                    + " maxValueLength, maxEntries); open it with that one, or remove its file:"
                                    + " directory=" + directory + ", wanted=" + line + ", made=" + known);
                }
                return;
            }
        }
        maps.add(line);
        write();
    }

    private static int version(String line) {
        try {
            return line.startsWith(FIRST) ? Integer.parseUnsignedInt(line.substring(FIRST.length())) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void write() throws IOException {
        final List<String> lines = new ArrayList<>();
        lines.add(FIRST + VERSION);
        lines.addAll(maps);
        final Path unfinished = directory.resolve(FILE_NAME + ".new");
        Files.deleteIfExists(unfinished);
        try (FileChannel channel =
                OwnerOnly.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            final ByteBuffer content =
                    ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(unfinished, directory.resolve(FILE_NAME), StandardCopyOption.ATOMIC_MOVE);
        Store.forceDirectory(directory);
    }
}
