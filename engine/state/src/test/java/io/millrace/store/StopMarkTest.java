package io.millrace.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A log that believes the mark of a clean stop never gives out a changed record, and loses none. */
@ParameterizedClass
@EnumSource
class StopMarkTest {
    private static final int RECORDS = 40;

    private final LogLayout layout;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<byte[]> model = new ArrayList<>();

    @TempDir
    private Path folder;

    private Path file;

    StopMarkTest(LogLayout.Writing writing) {
        this.layout = new LogLayout("small", 300, 4096, writing);
        System.out.println("StopMarkTest seed " + seed);
    }

    @BeforeEach
    void fill() throws IOException {
        file = folder.resolve("store/small.log");
        try (Store store = open()) {
            append(store.log(layout), RECORDS);
        }
    }

    @Test
    void opensAfterACleanStopWithoutALookAtRecordsThatWereDurable() throws IOException {
        final byte[] damaged = flipped(Files.readAllBytes(file), LogFormat.HEADER_LENGTH + 9);
        Files.write(file, damaged);
        final Store store = open();
        final AppendLog log = store.log(layout, LogCheck.WHEN_READ);
        assertThat(log.count()).isEqualTo(RECORDS);
        assertThat(read(log, log.last())).isEqualTo(model.getLast());
        assertThat(log.failure()).isEmpty();

        assertThatThrownBy(() -> log.next(log.begin()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged in its durable part")
                .hasMessageContaining("damagedAt=4096");
        assertThat(log.append(MemorySegment.ofArray(new byte[9]), 0, 9)).isEqualTo(AppendLog.FAILED);
        assertThatThrownBy(store::close).hasMessageContaining("damaged in its durable part");
        assertThat(file).hasBinaryContent(damaged);
        assertRefused(LogCheck.WHEN_READ);
    }

    @Test
    void noFlippedBitOfTheRecordsIsBelieved() throws IOException {
        final byte[] whole = Files.readAllBytes(file);
        final int end = (int) end();
        for (int round = 0; round < 400; round++) {
            final int at = LogFormat.HEADER_LENGTH + random.nextInt(end - LogFormat.HEADER_LENGTH);
            assertRefusedOrWhole(flipped(whole, at), "seed=" + seed + ", at=" + at);
        }
    }

    @Test
    void noFlippedBitOfTheHeaderIsBelieved() throws IOException {
        final byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < 64; at++) {
            assertRefusedOrWhole(flipped(whole, at), "seed=" + seed + ", at=" + at);
        }
    }

    @Test
    void aPieceThatIsGoneIsNeverOverlooked() throws IOException {
        final byte[] whole = Files.readAllBytes(file);
        final int end = (int) end();
        for (int round = 0; round < 60; round++) {
            final int from = LogFormat.HEADER_LENGTH + random.nextInt(end - LogFormat.HEADER_LENGTH);
            assertRefusedOrWhole(Arrays.copyOf(whole, from), "seed=" + seed + ", cut at " + from);
            final byte[] zeroed = whole.clone();
            Arrays.fill(zeroed, from, end, (byte) 0);
            assertRefusedOrWhole(zeroed, "seed=" + seed + ", zeros from " + from);
        }
    }

    @Test
    void allRecordsAreCheckedAtOpeningUnlessItIsAskedOtherwise() throws IOException {
        Files.write(file, flipped(Files.readAllBytes(file), LogFormat.HEADER_LENGTH + 9));
        assertRefused(LogCheck.AT_OPENING);
    }

    @Test
    void allRecordsAreCheckedAtOpeningAfterAnUncleanStop() throws IOException {
        Files.write(file, flipped(Files.readAllBytes(file), LogFormat.HEADER_LENGTH + 9));
        Files.delete(folder.resolve("store/clean"));
        assertRefused(LogCheck.WHEN_READ);
    }

    @Test
    void allRecordsAreCheckedAtOpeningIfTheMarkIsTorn() throws IOException {
        final byte[] torn = flipped(Files.readAllBytes(file), LogFormat.HEADER_LENGTH + 9);
        Arrays.fill(torn, (int) LogFormat.STOP_OFFSET + 16, (int) LogFormat.STOP_OFFSET + 32, (byte) 0);
        Files.write(file, torn);
        assertRefused(LogCheck.WHEN_READ);
    }

    /** As earlier programs of the same version do, which do not know the mark. */
    @Test
    void recordsBehindAnOlderMarkAreFound() throws IOException {
        final byte[] before = Files.readAllBytes(file);
        try (Store store = open()) {
            append(store.log(layout), RECORDS);
        }
        final byte[] after = Files.readAllBytes(file);
        final int mark = (int) LogFormat.STOP_OFFSET;
        System.arraycopy(before, mark, after, mark, 32);
        Files.write(file, after);

        assertThat(mark(after).orElseThrow().records()).isEqualTo(RECORDS);
        assertWhole();
        Files.write(file, flipped(after, (int) end() - 9));
        assertRefused(LogCheck.WHEN_READ);
    }

    @Test
    void aLogThatWasNotReadPassesTheMarkOn() throws IOException {
        for (int round = 0; round < 4; round++) {
            try (Store store = open()) {
                append(store.log(layout, LogCheck.WHEN_READ), round);
            }
            assertWhole();
        }
        try (Store store = open()) {
            final AppendLog log = store.log(layout, LogCheck.WHEN_READ);
            append(log, 1);
            store.release(log);
            assertThat(mark(Files.readAllBytes(file)).orElseThrow().records()).isEqualTo(model.size());
            assertThat(contents(store.log(layout, LogCheck.WHEN_READ))).hasSameSizeAs(model);
        }
    }

    @Test
    void aLogOfNoRecordsHasAMarkToo() throws IOException {
        Files.delete(file);
        model.clear();
        assertWhole();
        assertThat(mark(Files.readAllBytes(file))).contains(StopMark.EMPTY);
        assertWhole();
    }

    /** Either the log is refused, at opening or where the damage is read, or it is as it was written. */
    private void assertRefusedOrWhole(byte[] content, String what) throws IOException {
        Files.write(file, content);
        Files.write(folder.resolve("store/clean"), new byte[0]);
        List<byte[]> seen = null;
        try (Store store = open()) {
            seen = contents(store.log(layout, LogCheck.WHEN_READ));
        } catch (StoreException e) {
            assertThat(e).as(what).hasMessageContaining("small.log");
        }
        if (seen != null) {
            assertThat(seen).as(what).usingElementComparator(Arrays::compare).isEqualTo(model);
        }
    }

    private void assertWhole() throws IOException {
        try (Store store = open()) {
            final AppendLog log = store.log(layout, LogCheck.WHEN_READ);
            assertThat(log.count()).isEqualTo(model.size());
            assertThat(contents(log)).usingElementComparator(Arrays::compare).isEqualTo(model);
        }
    }

    private void assertRefused(LogCheck check) throws IOException {
        try (Store store = open()) {
            assertThatThrownBy(() -> store.log(layout, check))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("damaged in its durable part");
        }
    }

    private Store open() throws IOException {
        return Store.open(folder.resolve("store"), CommitPolicy.DEFAULT);
    }

    private void append(AppendLog log, int count) {
        for (int i = 0; i < count; i++) {
            final byte[] record = new byte[1 + random.nextInt(300)];
            random.nextBytes(record);
            model.add(record);
            assertThat(log.appendPatiently(MemorySegment.ofArray(record), 0, record.length))
                    .isPositive();
        }
    }

    private long end() throws IOException {
        return mark(Files.readAllBytes(file)).orElseThrow().end();
    }

    private static Optional<StopMark> mark(byte[] content) {
        final MemorySegment header = MemorySegment.ofArray(new long[8]);
        MemorySegment.copy(content, 0, header, JAVA_BYTE, 0, 64);
        return StopMark.read(header);
    }

    private static List<byte[]> contents(AppendLog log) throws IOException {
        final List<byte[]> seen = new ArrayList<>();
        for (long at = log.begin(); at < log.position(); at = log.next(at)) {
            seen.add(read(log, at));
        }
        return seen;
    }

    private static byte[] read(AppendLog log, long position) throws IOException {
        final MemorySegment target = MemorySegment.ofArray(new byte[300]);
        return target.asSlice(0, log.read(position, target)).toArray(JAVA_BYTE);
    }

    private byte[] flipped(byte[] whole, int at) {
        final byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        return damaged;
    }
}
