package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thread that forces a store's files sleeps in a quiet time and misses no operation. */
@Timeout(300)
class GroupCommitterTest {
    private static final int ROUNDS = 500;
    private static final long INTERVAL_NS = 100_000;

    @TempDir
    private Path folder;

    /** It would sleep for an hour, and an operation comes just before, while or just after it falls asleep. */
    @Test
    void anOperationAfterAQuietTimeIsForced() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("GroupCommitterTest seed " + seed);
        final Random random = new Random(seed);
        final GroupCommitter committer = new GroupCommitter(
                new CommitPolicy(1 << 16, Duration.ofNanos(INTERVAL_NS)), "test", TimeUnit.HOURS.toNanos(1));
        final AppendLog log =
                new AppendLog(folder.resolve("test.log"), new LogLayout("test", 16, 1 << 16), committer, false);
        committer.add(log);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment record = arena.allocate(16);
            for (int round = 0; round < ROUNDS; round++) {
                final long quietNs = random.nextLong(40 * INTERVAL_NS);
                final long start = System.nanoTime();
                while (System.nanoTime() - start < quietNs) {
                    Thread.onSpinWait();
                }
                final long position = log.append(record, 0, 16);
                assertThat(position).as("round %d", round).isNotNegative();
                log.whenDurable(position).get(1, TimeUnit.MINUTES);
            }
        } finally {
            committer.close(() -> {
                log.closed();
                log.release();
            });
        }
    }
}
