package io.millrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the tags of a batch are on the disk, as the mark in the journal's header tells. */
class ReplayJournalTest {
    /** Nothing becomes durable by the group commit while the test runs. */
    private static final CommitPolicy NEVER = new CommitPolicy(1 << 30, Duration.ofHours(1));

    private static final int RECORD_LENGTH = 8 + 2 * 16;

    @TempDir
    private Path folder;

    private final long[] lows = {1, 2};
    private final long[] highs = {3, 4};

    @Test
    void withSyncByBatchATagIsDurableWhenItsPacketGoesOn() throws IOException {
        try (Store store = Store.open(folder, NEVER)) {
            final ReplayJournal journal = ReplayJournal.open(store, "key", 0, true);
            for (int batch = 1; batch <= 3; batch++) {
                assertThat(journal.append(2, lows, highs)).isTrue();
                assertThat(durable()).isEqualTo(LogFormat.HEADER_LENGTH + batch * RECORD_LENGTH);
            }
        }
    }

    @Test
    void withSyncByGroupATagIsDurableAfterTheCommit() throws IOException {
        try (Store store = Store.open(folder, NEVER)) {
            final ReplayJournal journal = ReplayJournal.open(store, "key", 0, false);
            final long before = durable();
            assertThat(journal.append(2, lows, highs)).isTrue();
            assertThat(durable()).isEqualTo(before);
        }
        assertThat(durable()).as("after closing").isEqualTo(LogFormat.HEADER_LENGTH + RECORD_LENGTH);
    }

    private long durable() throws IOException {
        final ByteBuffer mark = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel file = FileChannel.open(folder.resolve("replay-key-0.log"))) {
            file.read(mark, LogFormat.DURABLE_OFFSET);
        }
        return mark.getLong(0);
    }
}
