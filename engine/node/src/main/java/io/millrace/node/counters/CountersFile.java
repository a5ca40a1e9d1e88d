package io.millrace.node.counters;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/**
 * Writer of a counters file ({@link CountersLayout}). It keeps the folder for one relay: a second one is refused.
 *
 * <p>The file is made under a temporary name, with all its blocks, and renamed when it is whole; mode 0600. After a clean
 * end it stays, with the final values.
 *
 * <p>Threading: one thread at a time.
 */
final class CountersFile implements AutoCloseable {
    private static final String LOCK_NAME = "counters.lock";
    private static final String NEW_NAME = "counters.new";
    private static final FileAttribute<?> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final FileChannel lock;
    private final Arena arena;
    private final MemorySegment header;
    private final UnsafeBuffer[] banks;
    private final long[] values;
    private long sequence;

    private CountersFile(FileChannel lock, Arena arena, MemorySegment header, UnsafeBuffer[] banks, int count) {
        this.lock = lock;
        this.arena = arena;
        this.header = header;
        this.banks = banks;
        this.values = new long[count];
    }

    /**
     * Makes the file in a folder, which is made if it is missing, in the place of one of an earlier run.
     *
     * @param folder for this relay alone.
     * @param relay its name; one of more than 256 bytes is cut.
     * @param program version of the program.
     * @param startMs when the relay began, in milliseconds since 1970.
     * @param keys of the counters, 1 to {@link CountersLayout#MAX_COUNTERS}; a counter is set by its place in this list.
     * @return all values are 0.
     * @throws IOException if the folder or the file cannot be made, or another relay has the folder.
     */
    static CountersFile create(Path folder, String relay, String program, long startMs, List<CounterKey> keys)
            throws IOException {
        if (keys.isEmpty() || keys.size() > CountersLayout.MAX_COUNTERS) {
            throw new FileSystemException(
                    folder.toString(),
                    null,
                    "a counters file has 1 to " + CountersLayout.MAX_COUNTERS + " counters, not " + keys.size());
        }
        makeFolder(folder);
        final FileChannel lock = lock(folder);
        Arena arena = null;
        boolean made = false;
        final Path fresh = folder.resolve(NEW_NAME);
        try {
            Files.deleteIfExists(fresh);
            arena = Arena.ofShared();
            final MemorySegment file = map(fresh, CountersLayout.fileLength(keys.size()), arena);
            final CountersFile counters = of(lock, arena, file, keys);
            counters.describe(relay, program, startMs);
            Files.move(
                    fresh,
                    folder.resolve(CountersLayout.FILE_NAME),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            made = true;
            return counters;
        } finally {
            if (!made) {
                if (arena != null) {
                    arena.close();
                }
                Files.deleteIfExists(fresh);
                lock.close();
            }
        }
    }

    /**
     * Sets a counter for the next {@link #publish}.
     *
     * @param counter its place in the list of keys.
     * @param value any.
     */
    void set(int counter, long value) {
        values[counter] = value;
    }

    /**
     * Makes all values visible in one step.
     *
     * @param nowMs heartbeat, in milliseconds since 1970.
     * @param state of the relay.
     */
    void publish(long nowMs, RelayState state) {
        final long next = sequence + 1;
        final UnsafeBuffer bank = banks[(int) (next & 1)];
        for (int i = 0; i < values.length; i++) {
            bank.putLong(CountersReader.counterOffset(i), values[i]);
        }
        header.set(ValueLayout.JAVA_LONG, CountersLayout.HEARTBEAT_OFFSET, nowMs);
        header.set(ValueLayout.JAVA_INT, CountersLayout.STATE_OFFSET, state.code());
        CountersLayout.SEQUENCE.setRelease(header, 0L, next);
        sequence = next;
    }

    /** Unmaps the file, which stays, and gives the folder free. */
    @Override
    public void close() throws IOException {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        lock.close();
    }

    private static CountersFile of(FileChannel lock, Arena arena, MemorySegment file, List<CounterKey> keys) {
        final int count = keys.size();
        final UnsafeBuffer metadata = buffer(file, CountersLayout.HEADER_LENGTH, CountersLayout.metadataLength(count));
        final UnsafeBuffer[] banks = {
            buffer(file, CountersLayout.bankOffset(0, count), CountersLayout.valuesLength(count)),
            buffer(file, CountersLayout.bankOffset(1, count), CountersLayout.valuesLength(count))
        };
        final CountersManager manager = new CountersManager(metadata, banks[0], StandardCharsets.UTF_8);
        for (CounterKey key : keys) {
            manager.allocate(
                    new String(CounterKey.cut(key.label(), CountersReader.MAX_LABEL_LENGTH), StandardCharsets.UTF_8),
                    key.family().typeId(),
                    key::writeTo);
        }
        return new CountersFile(lock, arena, file.asSlice(0, CountersLayout.HEADER_LENGTH), banks, count);
    }

    private static UnsafeBuffer buffer(MemorySegment file, long offset, int length) {
        return new UnsafeBuffer(file.asSlice(offset, length).asByteBuffer());
    }

    private void describe(String relay, String program, long startMs) {
        final ProcessHandle process = ProcessHandle.current();
        header.set(ValueLayout.JAVA_INT, CountersLayout.VERSION_OFFSET, CountersLayout.VERSION);
        header.set(ValueLayout.JAVA_INT, CountersLayout.HEADER_LENGTH_OFFSET, CountersLayout.HEADER_LENGTH);
        header.set(
                ValueLayout.JAVA_INT,
                CountersLayout.METADATA_LENGTH_OFFSET,
                CountersLayout.metadataLength(values.length));
        header.set(
                ValueLayout.JAVA_INT, CountersLayout.VALUES_LENGTH_OFFSET, CountersLayout.valuesLength(values.length));
        header.set(ValueLayout.JAVA_LONG, CountersLayout.PID_OFFSET, process.pid());
        header.set(
                ValueLayout.JAVA_LONG,
                CountersLayout.PROCESS_START_OFFSET,
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
        header.set(ValueLayout.JAVA_LONG, CountersLayout.START_OFFSET, startMs);
        header.set(ValueLayout.JAVA_LONG, CountersLayout.HEARTBEAT_OFFSET, startMs);
        header.set(ValueLayout.JAVA_INT, CountersLayout.STATE_OFFSET, RelayState.STARTING.code());
        text(relay, CountersLayout.NAME_LENGTH_OFFSET, CountersLayout.NAME_OFFSET, CountersLayout.NAME_ROOM);
        text(program, CountersLayout.PROGRAM_LENGTH_OFFSET, CountersLayout.PROGRAM_OFFSET, CountersLayout.PROGRAM_ROOM);
        header.set(ValueLayout.JAVA_LONG, CountersLayout.MAGIC_OFFSET, CountersLayout.MAGIC);
    }

    private void text(String text, long lengthOffset, long offset, int room) {
        final byte[] bytes = CounterKey.cut(text, room);
        header.set(ValueLayout.JAVA_INT, lengthOffset, bytes.length);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, header, offset, bytes.length);
    }

    /** Zeros are written first: on a full disk that is an error here, and not a fault when a page is touched. */
    private static MemorySegment map(Path file, long length, Arena arena) throws IOException {
        try (FileChannel channel =
                open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE))) {
            final ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
            while (channel.position() < length) {
                channel.write(zeros.clear().limit((int) Math.min(zeros.capacity(), length - channel.position())));
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, length, arena);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            final IOException named = new FileSystemException(file.toString(), null, e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        final FileChannel channel =
                open(folder.resolve(LOCK_NAME), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            locked = false;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        if (!locked) {
            throw new FileSystemException(
                    folder.toString(), null, "another relay writes its counters there; name another folder");
        }
        return channel;
    }

    private static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            if (folder.getParent() != null) {
                Files.createDirectories(folder.getParent());
            }
            if (isPosix(folder)) {
                Files.createDirectory(folder, OWNER_FOLDER);
            } else {
                Files.createDirectory(folder);
            }
        }
    }

    private static FileChannel open(Path file, Set<OpenOption> options) throws IOException {
        return isPosix(file) ? FileChannel.open(file, options, OWNER_FILE) : FileChannel.open(file, options);
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
