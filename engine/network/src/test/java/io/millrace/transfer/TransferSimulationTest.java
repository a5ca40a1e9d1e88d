package io.millrace.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole transfers over bad networks. A failing seed is in the message and reproduces alone. */
class TransferSimulationTest {
    private static final int SEEDS = 2_000;
    private static final long LIMIT_NS = 3_600 * SimulatedTransfer.SECOND;
    private static final TransferTiming TIMING = TransferTiming.DEFAULT.withPatience(Duration.ofSeconds(60));

    @TempDir
    private Path folder;

    @Test
    void deliversTheFileOverThousandsOfBadNetworks() throws IOException {
        long retransmissions = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            final Random random = new Random(seed);
            final byte[] content = content(random, random.nextInt(60 * SimulatedTransfer.CHUNK_LENGTH));
            final SimulatedTransfer transfer = new SimulatedTransfer(
                    new SimulatedChannel(random, random.nextDouble() * 0.4, random.nextDouble() * 0.4, (long)
                            (random.nextDouble() * 100_000_000)),
                    new Inbox(folder),
                    TIMING,
                    TransferId.draw(random),
                    content,
                    random.nextLong());

            transfer.run(LIMIT_NS);

            assertThat(transfer.sender().state())
                    .as("seed=%d, failure=%s", seed, transfer.sender().failure())
                    .isEqualTo(TransferState.DONE);
            assertThat(transfer.received().failure()).as("seed=%d", seed).isNull();
            assertThat(transfer.sender().confirmedLength()).as("seed=%d", seed).isEqualTo(content.length);
            assertThat(transfer.received().path()).as("seed=%d", seed).hasBinaryContent(content);
            Files.delete(transfer.received().path());
            retransmissions += transfer.sender().counters().retransmissions();
        }
        assertThat(retransmissions).as("the networks were bad").isGreaterThan(SEEDS);
        assertEmpty();
    }

    @Test
    void movesAFileOfManyWindows() throws IOException {
        final Random random = new Random(7);
        final byte[] content = content(random, 5 * TransferMessage.WINDOW * SimulatedTransfer.CHUNK_LENGTH + 1);
        final SimulatedTransfer transfer = new SimulatedTransfer(
                new SimulatedChannel(random, 0.02, 0.02, 10_000_000),
                new Inbox(folder),
                TIMING,
                TransferId.draw(random),
                content,
                0);

        transfer.run(LIMIT_NS);

        assertThat(transfer.received().path()).hasBinaryContent(content);
        assertThat(transfer.sender().counters().retransmissions()).isLessThan(1_500);
    }

    @Test
    void neverPublishesAFileThatChangedWhileItWasSent() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            final Random random = new Random(seed);
            final int at = random.nextInt(3_000);
            final SimulatedTransfer transfer = new SimulatedTransfer(
                    new SimulatedChannel(random, 0.2, 0.2, 5_000_000),
                    new Inbox(folder),
                    TIMING,
                    TransferId.draw(random),
                    content(random, 3_000),
                    content -> {
                        content[at] ^= (byte) (1 << random.nextInt(8));
                        return content;
                    },
                    0);

            transfer.run(LIMIT_NS);

            assertThat(transfer.sender().failure()).as("seed=%d", seed).contains("SHA-256");
            assertThat(transfer.received().failure()).as("seed=%d", seed).contains("SHA-256");
            assertEmpty();
        }
    }

    @Test
    void failsAfterItsPatienceWhenNothingArrives() throws IOException {
        final SimulatedTransfer transfer = new SimulatedTransfer(
                new SimulatedChannel(new Random(1), 1.0, 0, 1),
                new Inbox(folder),
                TransferTiming.DEFAULT,
                new TransferId(1, 2),
                content(new Random(1), 1_000),
                0);

        transfer.run(LIMIT_NS);

        assertThat(transfer.sender().failure())
                .isEqualTo("no answer from the receiver for 10 s: are the receiver and every relay of both ways up?");
        assertThat(transfer.now()).isBetween(10 * SimulatedTransfer.SECOND, 11 * SimulatedTransfer.SECOND);
        assertThat(transfer.sender().counters().messages()).isLessThan(20);
    }

    @Test
    void failsAtBothEndsWhenTheNetworkDiesInTheMiddle() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            final Random random = new Random(seed);
            final Random loss = new Random(seed);
            final int dies = 2 + random.nextInt(40);
            final SimulatedChannel channel = new SimulatedChannel(
                    new Random(seed) {
                        private static final long serialVersionUID = 1L;
                        private int sent;

                        @Override
                        public double nextDouble() {
                            return ++sent > dies ? 0 : 0.5 + loss.nextDouble() / 2;
                        }
                    },
                    0.1,
                    0.1,
                    5_000_000);
            final SimulatedTransfer transfer = new SimulatedTransfer(
                    channel,
                    new Inbox(folder),
                    TransferTiming.DEFAULT,
                    TransferId.draw(random),
                    content(random, 60 * SimulatedTransfer.CHUNK_LENGTH),
                    0);

            transfer.run(LIMIT_NS);

            assertThat(transfer.sender().failure()).as("seed=%d", seed).contains("for 10 s");
            if (transfer.received() != null) {
                assertThat(transfer.received().failure()).as("seed=%d", seed).contains("for 10 s");
            }
            assertThat(transfer.now()).as("seed=%d", seed).isLessThan(25 * SimulatedTransfer.SECOND);
            assertEmpty();
        }
    }

    private static byte[] content(Random random, int length) {
        final byte[] content = new byte[length];
        random.nextBytes(content);
        return content;
    }

    private void assertEmpty() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
