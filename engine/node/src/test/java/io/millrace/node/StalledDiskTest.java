package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.node.EpochsUnderTest.Clocks;
import io.millrace.relay.packet.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Epochs begin and end by the clock while the thread that writes waits for the disk, fails, or has ended. The test's source
 * of secrets is the place where that thread waits.
 */
class StalledDiskTest {
    private static final long FIRST = 1_000;
    private static final long LENGTH = EpochsUnderTest.SCHEDULE.lengthMs();
    private static final long OVERLAP = EpochsUnderTest.SCHEDULE.overlapMs();
    private static final long EARLY = LENGTH / 4;
    private static final long PATIENCE_S = 60;

    @TempDir
    private Path folder;

    private final SecretKey root = SecretKey.generate(new SecureRandomness());
    private final Clocks clocks = new Clocks(FIRST * LENGTH);
    private final Gate gate = new Gate();

    @AfterEach
    void wipe() {
        gate.open();
        root.close();
    }

    @Test
    void aDiskThatBlocksForAnEpochMakesNoneLate() throws Exception {
        try (EpochsUnderTest relay = open()) {
            final List<MemorySegment> packets =
                    List.of(relay.wrap(FIRST), relay.wrap(FIRST + 1), relay.wrap(FIRST + 2));
            final MemorySegment second = relay.wrap(FIRST + 1);
            relay.start();
            gate.shut();
            relay.pass(LENGTH - EARLY);
            assertThat(relay.end(FIRST + 1, packets.get(1))).isEqualTo(Verdict.DELIVERED);
            relay.pass(EARLY);
            assertThat(relay.running()).isEqualTo(FIRST + 1);
            gate.awaitWaiting();

            assertThat(relay.end(FIRST, packets.get(0))).as("in the overlap").isEqualTo(Verdict.DELIVERED);
            relay.pass(OVERLAP);
            assertThat(relay.end(FIRST, packets.get(0))).isEqualTo(Verdict.EPOCH_OVER);
            relay.pass(LENGTH - OVERLAP - EARLY - 1);
            assertThat(relay.end(FIRST + 2, packets.get(2))).isEqualTo(Verdict.EPOCH_OVER);
            relay.pass(1);
            assertThat(relay.end(FIRST + 2, packets.get(2))).isEqualTo(Verdict.DELIVERED);
            assertThat(relay.end(FIRST + 1, second)).isEqualTo(Verdict.DELIVERED);
            relay.pass(EARLY - 1);
            assertThat(relay.running()).isEqualTo(FIRST + 1);
            relay.pass(1);
            assertThat(relay.running()).as("on time").isEqualTo(FIRST + 2);
            assertThat(relay.epochs().takeLate()).isEmpty();
            assertThat(relay.epochs().problem()).contains("key epochs: the disk has not finished a step within 10 s");
            assertThat(relay.disclosed()).as("the disk still blocks").isEmpty();

            relay.pass(LENGTH);
            assertThat(relay.running()).as("the disk blocked for two epochs").isEqualTo(FIRST + 2);
            assertThat(relay.epochs().problem().orElseThrow())
                    .isEqualTo(
                            "key epoch " + (FIRST + 3) + " is not accepted, and its packets are dropped as epoch-over:"
                                    + " its key and replay set are not made yet");
            gate.open();
            relay.pollUntil(() -> relay.running() == FIRST + 3);
            relay.pass(OVERLAP);
            relay.pollUntil(() -> disclosed(relay).size() == 3);

            assertThat(relay.epochs().takeLate().orElseThrow())
                    .startsWith("key epoch " + (FIRST + 3) + " was accepted 4000 ms late");
            relay.pollUntil(() -> relay.epochs().problem().isEmpty());
            assertThat(relay.epochs().failures()).isZero();
            assertThat(relay.log().size()).isEqualTo(3);
        }
    }

    @Test
    void aDiskThatFailsIsComplainedOfCountedAndTriedAgain() throws Exception {
        try (EpochsUnderTest relay = open()) {
            relay.start();
            final Path published = relay.file("public");
            Files.move(published, relay.file("away"));
            Files.createFile(published);
            relay.pass(LENGTH);
            relay.pollUntil(() -> relay.epochs().failures() > 2);
            assertThat(relay.running()).isEqualTo(FIRST + 1);
            assertThat(relay.epochs().problem().orElseThrow()).contains("public");

            Files.delete(published);
            Files.move(relay.file("away"), published);
            relay.pollUntil(() -> relay.epochs().problem().isEmpty());
            relay.pass(OVERLAP);
            relay.pollUntil(() -> disclosed(relay).contains(FIRST));
            assertThat(relay.epochs().failure()).isEmpty();
        }
    }

    @Test
    void anErrorThatIsNotOfTheDiskEndsTheThreadAndIsTold() throws Exception {
        try (EpochsUnderTest relay = open()) {
            relay.start();
            gate.fault = new IllegalStateException("no entropy");
            relay.pass(LENGTH);
            relay.pollUntil(() -> relay.epochs().failure().isPresent());

            assertThat(relay.epochs().failure()).containsSame(gate.fault);
            assertThat(relay.epochs().failures()).isPositive();
            assertThat(relay.running()).isEqualTo(FIRST + 1);
        }
    }

    private EpochsUnderTest open() throws IOException {
        return new EpochsUnderTest(folder, root, clocks, gate);
    }

    private static List<Long> disclosed(EpochsUnderTest relay) {
        try {
            return relay.disclosed();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives secrets while it is open. */
    private static final class Gate implements Randomness {
        private final SecureRandomness randomness = new SecureRandomness();
        private final CountDownLatch waiting = new CountDownLatch(1);
        private volatile CountDownLatch opened = new CountDownLatch(0);
        private volatile RuntimeException fault;

        @Override
        public void fill(MemorySegment segment) {
            if (opened.getCount() > 0) {
                waiting.countDown();
            }
            try {
                opened.await();
            } catch (InterruptedException e) {
                throw new AssertionError("the thread is not interrupted", e);
            }
            if (fault != null) {
                throw fault;
            }
            randomness.fill(segment);
        }

        void shut() {
            opened = new CountDownLatch(1);
        }

        void open() {
            opened.countDown();
        }

        void awaitWaiting() throws InterruptedException {
            assertThat(waiting.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        }
    }
}
