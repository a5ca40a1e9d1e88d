package io.millrace.cli.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relay whose journal does not get more room forwards what still fits, drops all else as {@code journal-failed}, says
 * why, and goes on when there is room again. The system's limit on the length of a file stands for the full disk.
 */
class FullDiskTest {
    private static final int HEADER_LENGTH = 4096;
    private static final int AREA_LENGTH = 1 << 16;
    private static final int CHUNK_LENGTH = 16 * AREA_LENGTH;

    /** Tags that an area holds. */
    private static final int AREA_TAGS = 2_728;

    /** Fifteen areas are a whole number of these. */
    private static final int BATCH = 124;

    @TempDir
    private Path folder;

    @Test
    void aPacketThatIsNotJournalledIsNotForwarded() throws Exception {
        try (RelayUnderFire fire = new RelayUnderFire(
                folder,
                "provider = \"sodium\"\nthreading = \"shared\"\njournal = \"state\"\njournal-sync = \"batch\"",
                2 * AREA_TAGS)) {
            final String relay = fire.relayId();
            final int before = fillAllButTheLastAreaOfTheFirstChunk(fire);
            final long length = journal(relay).toFile().length();
            fire.limitFiles(length + CHUNK_LENGTH / 2);
            fire.start();
            fire.load(10);
            fire.sendFresh(AREA_TAGS + 400);

            assertThat(fire.awaitLine("dropping packets as journal-failed: no room"))
                    .contains(relay);
            assertThat(fire.awaitLine("journal-failed ")).contains("dropped");
            final JsonNode report = new ProgramRun(0, fire.stop(), "").json();
            assertThat(report.get("dropped").get("journal-failed").asInt()).isPositive();
            assertThat(journal(relay))
                    .as("the half of a chunk that fitted is given back")
                    .hasSize(length);
            assertThat(report.get("conserved").asBoolean()).isTrue();
            assertThat(report.get("forwarded").asInt()).isEqualTo(journalledTags(fire) - before);

            fire.limitFiles(0);
            fire.start();
            fire.sendAcknowledgedAgain();
            fire.load(10);
            final JsonNode afterwards = new ProgramRun(0, fire.stop(), "").json();
            assertThat(afterwards.get("dropped").has("journal-failed")).isFalse();
            assertThat(afterwards.get("restored").get("tags").asInt())
                    .isEqualTo(before + report.get("forwarded").asInt());
            assertThat(fire.repeatedCount()).isZero();
        }
    }

    /** Leaves room for the tags of one area, and no next chunk. Gives the number of tags. */
    private int fillAllButTheLastAreaOfTheFirstChunk(RelayUnderFire fire) throws IOException {
        final long seed = System.nanoTime();
        System.out.println("FullDiskTest seed " + seed);
        final Random random = new Random(seed);
        final long[] lows = new long[BATCH];
        final long[] highs = new long[BATCH];
        final int batches = 15 * AREA_TAGS / BATCH;
        try (Store store = Store.open(folder.resolve("state"), CommitPolicy.DEFAULT)) {
            final ReplayJournal journal = fire.journal(store);
            for (int i = 0; i < batches; i++) {
                Arrays.setAll(lows, j -> random.nextLong());
                Arrays.setAll(highs, j -> random.nextLong());
                assertThat(journal.append(BATCH, lows, highs)).isTrue();
            }
        }
        try (RandomAccessFile file =
                new RandomAccessFile(journal(fire.relayId()).toFile(), "rw")) {
            file.setLength(HEADER_LENGTH + CHUNK_LENGTH);
        }
        return batches * BATCH;
    }

    private int journalledTags(RelayUnderFire fire) throws IOException {
        final AtomicInteger tags = new AtomicInteger();
        try (Store store = Store.open(folder.resolve("state"), CommitPolicy.DEFAULT)) {
            fire.journal(store).forEach((count, lows, highs) -> tags.addAndGet(count));
        }
        return tags.get();
    }

    private Path journal(String relay) {
        return folder.resolve("state/replay-" + relay + "-0.tags");
    }
}
