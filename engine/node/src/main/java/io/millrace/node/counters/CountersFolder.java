package io.millrace.node.counters;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * Reader of the counters file in a folder. It opens the file read-only, copies it and closes it: the relay is not touched.
 *
 * <p>The file may be of any content: a wrong one is an error of one line. Safe for all threads.
 *
 * @param file that is read.
 */
public record CountersFolder(Path file) {
    private static final int MOST_FOLDERS = 1_000;
    private static final int MOST_NAMES = 8;
    private static final int ATTEMPTS = 1_000;

    /**
     * Finds the counters file.
     *
     * @param path the folder of one relay, a folder with one such folder in it, or the file itself.
     * @return not yet read.
     * @throws IOException that says why there is none, or that there are several.
     */
    public static CountersFolder find(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw wrong(path, "no such folder");
        }
        if (Files.isRegularFile(path)) {
            return new CountersFolder(path);
        }
        if (!Files.isDirectory(path)) {
            throw wrong(path, "neither a folder nor a file of counters");
        }
        final Path file = path.resolve(CountersLayout.FILE_NAME);
        if (Files.exists(file)) {
            return new CountersFolder(requireFile(file));
        }
        final List<Path> below = foldersBelow(path);
        return switch (below.size()) {
            case 0 ->
                throw wrong(
                        path,
                        "no counters in this folder; a relay writes them to the folder that [metrics] counters of its"
                                + " file names");
            case 1 -> new CountersFolder(requireFile(below.getFirst().resolve(CountersLayout.FILE_NAME)));
            default -> throw wrong(path, "several relays have counters here, name the folder of one: " + names(below));
        };
    }

    /**
     * Reads the counters, all at one instant.
     *
     * @return the figures of the file.
     * @throws IOException that says in which way the file is none of counters.
     */
    public CountersSnapshot read() throws IOException {
        try (FileChannel channel = FileChannel.open(requireFile(file), StandardOpenOption.READ)) {
            final int count = countIn(channel);
            final byte[] content = new byte[(int) CountersLayout.fileLength(count)];
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                final long before = sequence(channel);
                fill(channel, content, 0);
                if (sequence(channel) == before) {
                    return parse(content, count, before);
                }
            }
            throw wrong(file, "the counters change faster than they can be read");
        } catch (IllegalAccessError | ExceptionInInitializerError | NoClassDefFoundError e) {
            throw CountersMirror.optionMissing(e);
        }
    }

    private int countIn(FileChannel channel) throws IOException {
        final byte[] start = new byte[CountersLayout.HEADER_LENGTH];
        if (channel.size() < start.length) {
            throw wrong(file, "not a counters file: it has " + channel.size() + " bytes");
        }
        fill(channel, start, 0);
        final MemorySegment header = MemorySegment.ofArray(start);
        if (header.get(ValueLayout.JAVA_LONG_UNALIGNED, CountersLayout.MAGIC_OFFSET) != CountersLayout.MAGIC) {
            throw wrong(file, "not a counters file");
        }
        final int version = number(header, CountersLayout.VERSION_OFFSET);
        if (version != CountersLayout.VERSION) {
            throw wrong(
                    file, "counters of version " + version + "; this program reads version " + CountersLayout.VERSION);
        }
        final int metadata = number(header, CountersLayout.METADATA_LENGTH_OFFSET);
        final int count = metadata / CountersReader.METADATA_LENGTH;
        if (number(header, CountersLayout.HEADER_LENGTH_OFFSET) != CountersLayout.HEADER_LENGTH
                || count < 1
                || count > CountersLayout.MAX_COUNTERS
                || metadata != CountersLayout.metadataLength(count)
                || number(header, CountersLayout.VALUES_LENGTH_OFFSET) != CountersLayout.valuesLength(count)) {
            throw damaged("its header has lengths that do not fit each other");
        }
        if (channel.size() < CountersLayout.fileLength(count)) {
            throw damaged(
                    "it is cut: " + channel.size() + " of " + CountersLayout.fileLength(count) + " bytes are there");
        }
        return count;
    }

    private CountersSnapshot parse(byte[] content, int count, long sequence) throws IOException {
        final MemorySegment header = MemorySegment.ofArray(content);
        final int code = number(header, CountersLayout.STATE_OFFSET);
        final RelayState state = RelayState.of(code).orElseThrow(() -> damaged("unknown state: state=" + code));
        final CountersReading reading = new CountersReading(counters(content, count, (int) (sequence & 1)));
        return new CountersSnapshot(
                text(header, CountersLayout.NAME_LENGTH_OFFSET, CountersLayout.NAME_OFFSET, CountersLayout.NAME_ROOM),
                text(
                        header,
                        CountersLayout.PROGRAM_LENGTH_OFFSET,
                        CountersLayout.PROGRAM_OFFSET,
                        CountersLayout.PROGRAM_ROOM),
                header.get(ValueLayout.JAVA_LONG_UNALIGNED, CountersLayout.PID_OFFSET),
                header.get(ValueLayout.JAVA_LONG_UNALIGNED, CountersLayout.PROCESS_START_OFFSET),
                header.get(ValueLayout.JAVA_LONG_UNALIGNED, CountersLayout.START_OFFSET),
                header.get(ValueLayout.JAVA_LONG_UNALIGNED, CountersLayout.HEARTBEAT_OFFSET),
                state,
                sequence,
                reading.packets(),
                reading.occupancy(),
                reading.queues(),
                reading.links(),
                reading.stages(),
                reading.figures());
    }

    /** Records of unknown families are of a later program: they are left out. */
    private List<Counter> counters(byte[] content, int count, int bank) throws IOException {
        final UnsafeBuffer metadata =
                new UnsafeBuffer(content, CountersLayout.HEADER_LENGTH, CountersLayout.metadataLength(count));
        final UnsafeBuffer values = new UnsafeBuffer(
                content, (int) CountersLayout.bankOffset(bank, count), CountersLayout.valuesLength(count));
        final CountersReader reader = new CountersReader(metadata, values, StandardCharsets.UTF_8);
        final List<Counter> counters = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            if (reader.getCounterState(id) == CountersReader.RECORD_ALLOCATED) {
                final Optional<CounterFamily> family = family(reader.getCounterTypeId(id));
                if (family.isPresent()) {
                    final CounterKey key = CounterKey.read(
                                    family.get(),
                                    metadata,
                                    CountersReader.metaDataOffset(id) + CountersReader.KEY_OFFSET)
                            .orElseThrow(() -> damaged("a counter's key is out of range"));
                    counters.add(new Counter(key, reader.getCounterValue(id)));
                }
            }
        }
        return counters;
    }

    private static Optional<CounterFamily> family(int typeId) {
        for (CounterFamily family : CounterFamily.values()) {
            if (family.typeId() == typeId) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }

    private long sequence(FileChannel channel) throws IOException {
        final byte[] bytes = new byte[Long.BYTES];
        fill(channel, bytes, CountersLayout.SEQUENCE_OFFSET);
        return MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    private void fill(FileChannel channel, byte[] target, long position) throws IOException {
        final ByteBuffer buffer = ByteBuffer.wrap(target);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw damaged("it was cut while it was read");
            }
        }
    }

    private String text(MemorySegment header, long lengthOffset, long offset, int room) throws IOException {
        final int length = number(header, lengthOffset);
        if (length < 0 || length > room) {
            throw damaged("a text in its header is too long: length=" + length);
        }
        return new String(header.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static int number(MemorySegment header, long offset) {
        return header.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    private static Path requireFile(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw wrong(file, "not a regular file");
        }
        return file;
    }

    private static List<Path> foldersBelow(Path folder) throws IOException {
        final List<Path> found = new ArrayList<>();
        int looked = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (Files.exists(entry.resolve(CountersLayout.FILE_NAME))) {
                    found.add(entry);
                }
                if (++looked == MOST_FOLDERS) {
                    break;
                }
            }
        }
        return found;
    }

    private static String names(List<Path> folders) {
        final TreeSet<String> names = new TreeSet<>();
        folders.forEach(each -> names.add(each.getFileName().toString()));
        final List<String> some = names.stream().limit(MOST_NAMES).toList();
        return String.join(", ", some) + (names.size() > some.size() ? ", ..." : "");
    }

    private IOException damaged(String what) {
        return wrong(file, "a damaged counters file, " + what);
    }

    private static IOException wrong(Path path, String what) {
        return new FileSystemException(path.toString(), null, what);
    }
}
