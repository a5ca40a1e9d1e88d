package io.millrace.relay.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.sphinx.ReplaySet;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A packet that a filter has let pass stays known over a restart, and one that cannot be journalled does not pass. */
class JournalledReplayTest {
    private static final int BATCH = 16;
    private static final byte[] KEY = new byte[SecretKey.LENGTH];

    @TempDir
    private Path folder;

    private final long[] lows = new long[BATCH];
    private final long[] highs = new long[BATCH];
    private final int[] outcomes = new int[BATCH];

    @Test
    void knowsEveryTagAfterARestart() throws IOException {
        final long seed = System.nanoTime();
        System.out.println("JournalledReplayTest seed " + seed);
        for (int opening = 0; opening < 3; opening++) {
            try (Store store = open()) {
                final ReplayFilter filter = filter(store, 10_000, false);
                assertThat(filter.size()).isEqualTo(opening * 101L * BATCH);
                for (int earlier = 0; earlier < opening; earlier++) {
                    batches(filter, seed + earlier, ReplayFilter.DUPLICATE);
                }
                batches(filter, seed + opening, ReplayFilter.ADDED);
                filter.close();
            }
        }
    }

    @Test
    void writesATagThatOccursTwiceInABatchOnce() throws IOException {
        try (Store store = open()) {
            final ReplayFilter filter = filter(store, 100, false);
            Arrays.fill(lows, 7);
            filter.insertAll(BATCH, lows, highs, outcomes);
            assertThat(outcomes[0]).isEqualTo(ReplayFilter.ADDED);
            assertThat(Arrays.copyOfRange(outcomes, 1, BATCH)).containsOnly(ReplayFilter.DUPLICATE);
            assertThat(insert(filter, 7, 0)).isEqualTo(ReplayFilter.DUPLICATE);
            filter.close();
        }
        try (Store store = open()) {
            final ReplayFilter filter = filter(store, 1, false);
            assertThat(filter.size()).isEqualTo(1);
            filter.close();
        }
    }

    @Test
    void letsNothingPassThatTheJournalDoesNotTake() throws IOException {
        final Store store = open();
        final ReplayFilter filter = filter(store, 100, true);
        assertThat(insert(filter, 1, 1)).isEqualTo(ReplayFilter.ADDED);
        store.close(); // from here on its files take nothing
        assertThat(insert(filter, 2, 2)).isEqualTo(ReplayFilter.NOT_JOURNALLED);
        lows[0] = 3;
        lows[1] = 1;
        highs[1] = 1;
        filter.insertAll(2, lows, highs, outcomes);
        assertThat(outcomes[0]).isEqualTo(ReplayFilter.NOT_JOURNALLED);
        assertThat(outcomes[1]).isEqualTo(ReplayFilter.DUPLICATE);
        filter.close();
    }

    @Test
    void refusesASetThatIsSmallerThanTheJournal() throws IOException {
        try (Store store = open()) {
            final ReplayFilter filter = filter(store, 100, false);
            insert(filter, 1, 1);
            insert(filter, 2, 2);
            filter.close();
        }
        try (Store store = open();
                ReplaySet set = new ReplaySet(1, 1, 2)) {
            final ReplayJournal journal = journal(store, false);
            assertThatThrownBy(() -> ReplayFilter.journalled(set, journal)).hasMessageContaining("capacity=1");
        }
    }

    @Test
    void anEpochThatIsOverLeavesNoFile() throws IOException {
        try (Store store = open()) {
            final ReplayFilter filter = filter(store, 100, false);
            insert(filter, 1, 1);
            final Path file = folder.resolve("store/replay-ab-0.tags");
            assertThat(file).exists();
            filter.close();
            filter.erase();
            assertThat(Files.exists(file)).isFalse();
        }
    }

    @Test
    void allocatesNothing() throws IOException {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Store store = open()) {
            final ReplayFilter filter = filter(store, 400_000, false);
            final int batches = 1_000;
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 12; round++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < batches; i++) {
                    for (int j = 0; j < BATCH; j++) {
                        lows[j] = (long) (round * batches + i) * BATCH + j + 1;
                    }
                    filter.insertAll(BATCH, lows, highs, outcomes);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat((double) least / (batches * BATCH))
                    .as("bytes per packet")
                    .isLessThan(0.1);
            filter.close();
        }
    }

    private Store open() throws IOException {
        return Store.open(folder.resolve("store"), CommitPolicy.DEFAULT);
    }

    private static ReplayJournal journal(Store store, boolean durableFirst) throws IOException {
        try (SecretKey key = SecretKey.copyOf(MemorySegment.ofArray(KEY))) {
            return ReplayJournal.open(store, "ab", 0, key, new SecureRandomness(), durableFirst);
        }
    }

    private static ReplayFilter filter(Store store, long capacity, boolean durableFirst) throws IOException {
        return ReplayFilter.journalled(new ReplaySet(capacity, 1, 2), journal(store, durableFirst));
    }

    private void batches(ReplayFilter filter, long seed, int expected) {
        final Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            for (int j = 0; j < BATCH; j++) {
                lows[j] = random.nextLong();
                highs[j] = random.nextLong();
            }
            filter.insertAll(BATCH, lows, highs, outcomes);
            assertThat(outcomes).containsOnly(expected);
        }
        for (int j = 0; j < BATCH; j++) {
            assertThat(insert(filter, random.nextLong(), random.nextLong())).isEqualTo(expected);
        }
    }

    private static int insert(ReplayFilter filter, long low, long high) {
        final int[] outcome = new int[1];
        filter.insertAll(1, new long[] {low}, new long[] {high}, outcome);
        return outcome[0];
    }
}
