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
    private static final int CHUNK_LENGTH_OFFSET = 12;
    private static final int RECORD_LENGTH = 8 + ReplayJournal.MAX_BATCH * 16;

    @TempDir
    private Path folder;

    @Test
    void aPacketThatIsNotJournalledIsNotForwarded() throws Exception {
        try (RelayUnderFire fire = new RelayUnderFire(
                folder,
                "provider = \"sodium\"\nthreading = \"shared\"\njournal = \"state\"\njournal-sync = \"batch\"",
                2_000)) {
            final String relay = fire.relayId();
            final int before = fillAllButTheEndOfTheFirstChunk(relay);
            fire.limitFiles(journal(relay).toFile().length());
            fire.start();
            fire.load(10);
            fire.sendFresh(400);

            assertThat(fire.awaitLine("dropping packets as journal-failed: no room"))
                    .contains(relay);
            assertThat(fire.awaitLine("journal-failed ")).contains("dropped");
            final JsonNode report = new ProgramRun(0, fire.stop(), "").json();
            assertThat(report.get("dropped").get("journal-failed").asInt()).isPositive();
            assertThat(report.get("conserved").asBoolean()).isTrue();
            assertThat(report.get("forwarded").asInt()).isEqualTo(journalledTags(relay) - before);

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

    /** Leaves room for less than one full record, and no next chunk. Gives the number of tags. */
    @SuppressWarnings("try") // closed before the file is cut
    private int fillAllButTheEndOfTheFirstChunk(String relay) throws IOException {
        final long seed = System.nanoTime();
        System.out.println("FullDiskTest seed " + seed);
        final Random random = new Random(seed);
        final long[] lows = new long[ReplayJournal.MAX_BATCH];
        final long[] highs = new long[ReplayJournal.MAX_BATCH];
        try (Store store = Store.open(folder.resolve("state"), CommitPolicy.DEFAULT);
                RandomAccessFile file = new RandomAccessFile(journal(relay).toFile(), "rw")) {
            final ReplayJournal journal = ReplayJournal.open(store, relay, 0, false);
            file.seek(CHUNK_LENGTH_OFFSET);
            final int chunkLength = Integer.reverseBytes(file.readInt());
            final int records = chunkLength / RECORD_LENGTH;
            for (int i = 0; i < records; i++) {
                Arrays.setAll(lows, j -> random.nextLong());
                Arrays.setAll(highs, j -> random.nextLong());
                assertThat(journal.append(lows.length, lows, highs)).isTrue();
            }
            store.close();
            file.setLength(HEADER_LENGTH + chunkLength);
            return records * lows.length;
        }
    }

    private int journalledTags(String relay) throws IOException {
        final AtomicInteger tags = new AtomicInteger();
        try (Store store = Store.open(folder.resolve("state"), CommitPolicy.DEFAULT)) {
            ReplayJournal.open(store, relay, 0, false).forEach((count, lows, highs) -> tags.addAndGet(count));
        }
        return tags.get();
    }

    private Path journal(String relay) {
        return folder.resolve("state/replay-" + relay + "-0.log");
    }
}
