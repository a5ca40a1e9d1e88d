package io.millrace.map;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A map whose process is killed with SIGKILL while it writes still has every entry that was said to be durable, whole. The
 * values are long, so that many a kill falls into the copying of one.
 */
class KilledMapTest {
    private static final int ROUNDS = Integer.getInteger("millrace.map.kills", 3);
    private static final int MOST_LINES = 300;

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyDurableEntryIsThereAfterAKillAndNothingIsTorn() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("KilledMapTest seed " + seed + ", rounds " + ROUNDS);
        final Random random = new Random(seed);
        long durable = 0;
        long next = 0;
        for (int round = 0; round < ROUNDS; round++) {
            durable = Math.max(durable, writeUntilKilled(next, 1 + random.nextInt(MOST_LINES)));
            next = check(durable);
        }
        assertThat(durable).as("durable values").isPositive();
    }

    /** Gives the number up to which values were said to be durable. */
    private long writeUntilKilled(long first, int lines) throws IOException, InterruptedException {
        final Process writer = ChildJvm.of(
                        MapWriter.class, List.of(), List.of(), folder.toString(), "" + first, "" + Long.MAX_VALUE)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = writer.inputReader()) {
            long durable = 0;
            for (int line = 0; line < lines; line++) {
                durable = number(out.readLine());
            }
            writer.toHandle().destroyForcibly(); // Process.destroyForcibly would close the stream before it is read
            // Its output before it died counts; a last line that was cut off does not.
            String before = null;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (before != null) {
                    durable = number(before);
                }
                before = line;
            }
            return durable;
        } finally {
            writer.destroyForcibly();
            writer.waitFor();
        }
    }

    private static long number(String line) {
        assertThat(line).as("the writer still runs").isNotNull();
        return Long.parseLong(line);
    }

    /** Every key has its last durable value or a later one. Gives the number after the last one that was written. */
    private long check(long durable) throws IOException {
        try (Store store = Store.open(folder, CommitPolicy.DEFAULT);
                Arena arena = Arena.ofConfined()) {
            final StoreMap map = StoreMaps.open(store, MapWriter.LAYOUT);
            assertThat(store.wasMended()).isTrue();
            final MemorySegment key = arena.allocate(JAVA_LONG);
            final MemorySegment value = arena.allocate(MapWriter.LAYOUT.maxValueLength(), 8);
            final MemorySegment expected = arena.allocate(MapWriter.LAYOUT.maxValueLength(), 8);
            long last = 0;
            long present = 0;
            for (long i = 0; i < MapWriter.KEYS; i++) {
                key.set(JAVA_LONG, 0, i);
                final int length = map.get(key, 0, value, 0);
                final long least = lastBefore(durable, i);
                if (length == StoreMap.ABSENT) {
                    assertThat(least)
                            .as("durable value of key %d; mending found %s", i, store.findings())
                            .isNegative();
                    continue;
                }
                final long number = value.get(JAVA_LONG, 0);
                assertThat(number % MapWriter.KEYS)
                        .as("key of value %d", number)
                        .isEqualTo(i);
                assertThat(number).as("value of key %d", i).isGreaterThanOrEqualTo(least);
                assertThat(length).isEqualTo(MapWriter.fill(expected, number));
                assertThat(value.asSlice(0, length).mismatch(expected.asSlice(0, length)))
                        .as("value %d", number)
                        .isEqualTo(-1);
                last = Math.max(last, number + 1);
                present++;
            }
            final AtomicInteger shown = new AtomicInteger();
            map.forEach((k, v) -> shown.incrementAndGet());
            assertThat(map.size()).isEqualTo(present).isEqualTo(shown.get());
            return last;
        }
    }

    /** The last number below {@code durable} whose key this is; negative if there is none. */
    private static long lastBefore(long durable, long key) {
        return durable - 1 - Math.floorMod(durable - 1 - key, MapWriter.KEYS);
    }
}
