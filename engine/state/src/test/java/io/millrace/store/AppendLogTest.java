package io.millrace.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A log keeps appended records, whole and in order, whatever is torn off its end. */
@ParameterizedClass
@EnumSource
class AppendLogTest {
    private final LogLayout.Writing writing;
    private final LogLayout small;

    @TempDir
    private Path folder;

    AppendLogTest(LogLayout.Writing writing) {
        this.writing = writing;
        this.small = new LogLayout("small", 1024, 4096, writing);
    }

    @Test
    void isClosedWholeByAThreadThatWasInterrupted() throws IOException {
        final byte[] record = {1, 2, 3};
        final boolean interrupted;
        try (Store store = open()) {
            append(store.log(small), record);
            Thread.currentThread().interrupt();
        } finally {
            interrupted = Thread.interrupted();
        }

        assertThat(interrupted).isTrue();
        try (Store store = open()) {
            assertThat(store.wasMended()).isFalse();
            assertHolds(store.log(small), List.of(record));
        }
    }

    @Test
    void keepsRecordsOfAllLengthsOverChunksAndRestarts() throws IOException {
        final long seed = System.nanoTime();
        System.out.println("AppendLogTest seed " + seed);
        final Random random = new Random(seed);
        final List<byte[]> model = new ArrayList<>();
        for (int opening = 0; opening < 4; opening++) {
            try (Store store = open()) {
                final AppendLog log = store.log(small);
                assertHolds(log, model);
                for (int i = 0; i < 60; i++) {
                    final byte[] record = new byte[1 + random.nextInt(1024)];
                    random.nextBytes(record);
                    append(log, record);
                    model.add(record);
                }
                assertHolds(log, model);
            }
        }
    }

    @Test
    void endsBeforeATornRecordWhereverItIsTorn() throws IOException {
        final long seed = System.nanoTime();
        System.out.println("AppendLogTest seed " + seed);
        final Random random = new Random(seed);
        final List<byte[]> model = new ArrayList<>();
        long lastStart;
        try (Store store = open()) {
            final AppendLog log = store.log(small);
            for (int i = 0; i < 20; i++) {
                final byte[] record = new byte[1 + random.nextInt(200)];
                random.nextBytes(record);
                append(log, record);
                model.add(record);
            }
            lastStart = last(log);
        }
        final byte[] last = model.removeLast();
        final Path file = folder.resolve("store").resolve("small.log");
        final byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < (LogFormat.RECORD_HEADER_LENGTH + last.length) * 8; bit += 1 + random.nextInt(40)) {
            final byte[] torn = whole.clone();
            torn[(int) lastStart + bit / 8] ^= (byte) (1 << (bit % 8));
            forgetDurable(torn);
            Files.write(file, torn);
            try (Store store = open()) {
                assertHolds(store.log(small), model);
            }
        }
    }

    @Test
    void refusesALogThatIsDamagedBeforeWhatWasDurable() throws IOException {
        try (Store store = open()) {
            final AppendLog log = store.log(small);
            append(log, new byte[] {1, 2, 3});
            append(log, new byte[] {4, 5, 6});
        }
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("store/small.log").toFile(), "rw")) {
            file.seek(LogFormat.HEADER_LENGTH + LogFormat.RECORD_HEADER_LENGTH);
            file.write(9);
        }
        try (LogView view = LogView.open(folder.resolve("store"), small)) {
            assertThatThrownBy(() -> view.forEach((position, record) -> true))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("damaged in its durable part")
                    .hasMessageContaining("small.log");
        }
        try (Store store = open()) {
            assertThatThrownBy(() -> store.log(small))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("damaged in its durable part")
                    .hasMessageContaining("small.log");
        }
    }

    @Test
    void tellsWhenARecordIsDurable() throws Exception {
        try (Store store = open()) {
            final AppendLog log = store.log(small);
            final long position = append(log, new byte[10]);
            log.whenDurable(position).get(1, TimeUnit.MINUTES);
            assertThat(log.durablePosition()).isGreaterThanOrEqualTo(position);
        }
    }

    @Test
    void allocatesNothingPerRecord() throws IOException {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Store store = open();
                Arena arena = Arena.ofConfined()) {
            final AppendLog log = store.log(new LogLayout("large", 1024, 1 << 24, writing));
            final MemorySegment record = arena.allocate(264);
            final int count = 5_000;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 10; round++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < count; i++) {
                    if (log.append(record, 0, 264) < 0) {
                        throw new AssertionError("no room");
                    }
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat((double) least / count).as("bytes per record").isLessThan(1);
        }
    }

    @Test
    void openForOneProcessAtATime() throws IOException {
        final Store store = open();
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(
                        "in use by process " + ProcessHandle.current().pid())
                .hasMessageContaining(folder.resolve("store").toString());
        store.close();
        open().close();
    }

    @Test
    void refusesANewerFormat() throws IOException {
        open().close();
        Files.writeString(folder.resolve("store/format"), "millrace-store 2\n");
        assertThatThrownBy(this::open).hasMessageContaining("newer version").hasMessageContaining("version=2");
    }

    private Store open() throws IOException {
        return Store.open(folder.resolve("store"), CommitPolicy.DEFAULT);
    }

    /** Appends, and makes room where the committer has not yet. */
    private static long append(AppendLog log, byte[] record) throws IOException {
        long position = log.append(MemorySegment.ofArray(record), 0, record.length);
        while (position == AppendLog.NO_ROOM) {
            log.commit();
            position = log.append(MemorySegment.ofArray(record), 0, record.length);
        }
        assertThat(position).isEqualTo(log.position());
        return position;
    }

    private static void assertHolds(AppendLog log, List<byte[]> model) throws IOException {
        final List<byte[]> seen = new ArrayList<>();
        log.forEach((memory, offset, length) ->
                seen.add(memory.asSlice(offset, length).toArray(JAVA_BYTE)));
        assertThat(seen).hasSameSizeAs(model);
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i)).isEqualTo(model.get(i));
        }
    }

    private static long last(AppendLog log) throws IOException {
        long at = log.begin();
        while (log.next(at) < log.position()) {
            at = log.next(at);
        }
        return at;
    }

    private static void forgetDurable(byte[] file) {
        java.util.Arrays.fill(file, (int) LogFormat.DURABLE_OFFSET, (int) LogFormat.DURABLE_OFFSET + 8, (byte) 0);
    }
}
