package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecureRandomness;
import io.millrace.node.config.ReceiptSettings;
import io.millrace.node.keys.KeyFile;
import io.millrace.receipt.LogAudit;
import io.millrace.receipt.LogKey;
import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptLogView;
import io.millrace.receipt.ReceiptRetention;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.receipts.PacketReceiptOptions;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.tlog.Checkpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The receipts of a relay that keeps one ended segment. */
@Timeout(300)
class NodeReceiptsTest {
    private static final ReceiptRetention KEEP_ONE = new ReceiptRetention(1L << 40, 1, 1);

    @TempDir
    private Path folder;

    @Test
    void deletesWhatIsNotKeptAndStartsAgainOnTheRest() throws Exception {
        final ReceiptSettings settings = new ReceiptSettings(
                folder, Set.of(Operation.FORWARDED), SigningMode.BATCH, PacketReceiptOptions.DEFAULT, KEEP_ONE);
        try (KeyFile keys = KeyFile.generate(new SecureRandomness());
                RelaySphinxKey sphinx = keys.sphinxKey();
                LogKey key = ReceiptKeys.derive(keys, null);
                Arena arena = Arena.ofConfined()) {
            final RelayId relay = sphinx.id();
            final MemorySegment digest = arena.allocate(32);
            try (NodeReceipts receipts = NodeReceipts.open(settings, keys, relay)) {
                while (Files.exists(folder.resolve("receipts.log"))) {
                    final long appended = receipts.counters().appended();
                    receipts.service().offer(300, 1, 2, System.nanoTime(), digest, 0, 0);
                    // A few segments a second: each is a separate file.
                    while (Files.exists(folder.resolve("receipts-2.log"))
                            && Files.exists(folder.resolve("receipts.log"))) {
                        Thread.onSpinWait();
                    }
                    while (receipts.counters().appended() == appended) {
                        Thread.onSpinWait();
                    }
                }
                assertThat(receipts.problem()).isEmpty();
            }
            final Checkpoint published =
                    new LogFolder(folder).published(key.verifierKey()).orElseThrow();
            try (NodeReceipts again = NodeReceipts.open(settings, keys, relay)) {
                assertThat(again.service().offer(300, 1, 2, System.nanoTime(), digest, 0, 0))
                        .isTrue();
            }
            try (ReceiptLogView view = ReceiptLogView.open(folder)) {
                final LogAudit.Report report = new LogAudit(view, key.verifierKey()).run(List.of(published));
                assertThat(report.fault()).isEmpty();
                assertThat(report.first()).isPositive();
                assertThat(report.size()).isGreaterThan(published.size());
            }
        }
    }
}
