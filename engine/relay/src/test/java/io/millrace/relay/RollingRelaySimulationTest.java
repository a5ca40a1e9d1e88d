package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.live.LiveEpochs;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.CommandType;
import io.millrace.test.VirtualClock;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rolls between any two duties of any agents of a real engine with journals, on a virtual clock: no packet that arrived
 * while its epoch was accepted is lost, none is taken twice, and an epoch is disclosed after its last packet has left.
 */
class RollingRelaySimulationTest {
    private static final int RUNS = 4;
    private static final int PACKETS = 60;
    private static final long PATIENCE_S = 120;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void rollsAtEveryStepLoseAndRepeatNothing(ThreadingMode mode) throws Exception {
        final long first = System.nanoTime();
        for (long seed = first; seed < first + RUNS; seed++) {
            System.out.println("RollingRelaySimulationTest mode " + mode + ", seed " + seed);
            final long live = TrackedArena.liveBytes();
            try (Run run = new Run(mode, seed, folder.resolve(mode + "-" + seed))) {
                run.run();
            }
            assertThat(TrackedArena.liveBytes()).as("seed=%d", seed).isEqualTo(live);
        }
    }

    /** One packet: its epoch, its bytes, and whether its epoch was retired before the engine is known to have taken it. */
    private static final class Sent {
        final long epoch;
        final byte[] packet;
        boolean taken;
        boolean mayBeLost;

        Sent(long epoch, byte[] packet) {
            this.epoch = epoch;
            this.packet = packet;
        }
    }

    private static final class Run implements AutoCloseable {
        private final long seed;
        private final SplittableRandom random;
        private final VirtualClock clock;
        private final DisclosingEpochs epochs;
        private final EngineUnderTest test;
        private final List<Sent> sent = new ArrayList<>();
        private final Map<Long, Integer> delivered = new HashMap<>();
        private final List<Long> accepted = new ArrayList<>(List.of(1L));
        private final Map<Long, CompletableFuture<RetiredEpoch>> retiring = new HashMap<>();
        private final Set<Long> disclosed = new HashSet<>();
        private long newest = 1;
        private long running = 1;
        private long replays;

        Run(ThreadingMode mode, long seed, Path folder) throws Exception {
            this.seed = seed;
            random = new SplittableRandom(seed);
            // Near the wrap-around of the clock, to try that too.
            clock = new VirtualClock(Long.MAX_VALUE - random.nextLong(5_000_000));
            epochs = new DisclosingEpochs(folder, seed);
            final EngineConfig config = EngineConfig.builder()
                    .threading(mode)
                    .peelWorkers(1 + random.nextInt(3))
                    .slotCount(256)
                    .ringSize(64)
                    .batchLimit(1 << random.nextInt(5))
                    .tick(Duration.ofNanos(10_000))
                    .maxDelay(Duration.ofMillis(2))
                    .build();
            test = new EngineUnderTest(
                    config,
                    seed,
                    epochs,
                    builder -> builder.clock(clock)
                            .delay(DelaySampler.epochVrf(DisclosingEpochs.LAW))
                            .listener(new RelayListener() {
                                @Override
                                public boolean onDeliver(Delivery delivery) {
                                    deliver(delivery.payload().get(JAVA_LONG_UNALIGNED, 0));
                                    return true;
                                }
                            }));
            test.engine.open();
        }

        void run() throws Exception {
            int steps = 0;
            while (sent.size() < PACKETS || !isQuiet()) {
                act();
                final List<Duty> agents = test.engine.parts().duties();
                agents.get(random.nextInt(agents.size())).doWork();
                clock.advance(random.nextLong(20_000));
                assertThat(test.engine.counters().conserved())
                        .as("seed=%d", seed)
                        .isTrue();
                takeRetired();
                assertThat(++steps).as("seed=%d comes to an end", seed).isLessThan(500_000);
            }
            for (int number = 0; number < sent.size(); number++) {
                final Sent packet = sent.get(number);
                final int count = delivered.getOrDefault((long) number, 0);
                assertThat(count)
                        .as("seed=%d packet=%d epoch=%d", seed, number, packet.epoch)
                        .isBetween(packet.mayBeLost ? 0 : 1, 1);
            }
            assertThat(newest).as("rolls of seed=%d", seed).isGreaterThan(5);
            assertThat(replays).as("replays of seed=%d", seed).isPositive();
            assertThat(test.engine.callbackFailures()).isZero();
            for (CompletableFuture<RetiredEpoch> each : retiring.values()) {
                each.cancel(false);
            }
        }

        @Override
        public void close() throws IOException {
            test.close();
            epochs.close();
        }

        private void act() {
            switch (random.nextInt(10)) {
                case 0, 1 -> send();
                case 2 -> replay();
                case 3 -> {
                    if (test.engine.epochs().size() < LiveEpochs.LIMIT && random.nextInt(4) == 0) {
                        test.engine.acceptKeyEpoch(test.epoch(++newest));
                        accepted.add(newest);
                    }
                }
                case 4 -> {
                    running = accepted.get(random.nextInt(accepted.size()));
                    test.engine.runKeyEpoch(running);
                }
                case 5 -> {
                    if (random.nextInt(4) == 0) {
                        retire();
                    }
                }
                default -> noteTaken();
            }
        }

        private void send() {
            if (sent.size() >= PACKETS) {
                return;
            }
            final long epoch = accepted.get(random.nextInt(accepted.size()));
            final byte[] payload = new byte[Long.BYTES];
            MemorySegment.ofArray(payload).set(JAVA_LONG_UNALIGNED, 0, sent.size());
            final byte[] packet = test.packetForRelay(epoch, CommandType.DELIVER, 1, 2, payload);
            if (random.nextInt(4) == 0) {
                final Offer offer =
                        test.engine.offer(PacketSource.APPLICATION, epoch, MemorySegment.ofArray(packet), 0);
                assertThat(offer).as("seed=%d", seed).isEqualTo(Offer.OK);
            } else {
                test.inbound.add(test.seal(packet, epoch));
            }
            sent.add(new Sent(epoch, packet));
        }

        /** An earlier packet again, in a fresh frame, for its epoch or (a lie) for another. */
        private void replay() {
            if (sent.isEmpty()) {
                return;
            }
            final Sent earlier = sent.get(random.nextInt(sent.size()));
            if (earlier.taken) {
                final long named = random.nextBoolean() ? earlier.epoch : newest;
                test.inbound.add(test.seal(earlier.packet, named));
                replays++;
            }
        }

        private void retire() {
            final long oldest = accepted.getFirst();
            if (oldest == running || accepted.size() < 2) {
                return;
            }
            accepted.removeFirst();
            noteTaken();
            sent.stream().filter(each -> each.epoch == oldest && !each.taken).forEach(each -> each.mayBeLost = true);
            retiring.put(oldest, test.engine.retireKeyEpoch(oldest));
        }

        /** Sent packets have been taken if none is on the way to the engine. */
        private void noteTaken() {
            if (test.inbound.isEmpty() && test.engine.parts().ring().isEmpty()) {
                sent.forEach(each -> each.taken = true);
            }
        }

        private void deliver(long number) {
            final Sent packet = sent.get((int) number);
            assertThat(disclosed).as("seed=%d packet=%d", seed, number).doesNotContain(packet.epoch);
            delivered.merge(number, 1, Integer::sum);
        }

        /** Discloses the epochs that are over; every packet of theirs has left then. */
        private void takeRetired() throws Exception {
            final List<EpochReport> live = test.engine.epochs();
            for (long number : List.copyOf(retiring.keySet())) {
                if (live.stream().anyMatch(each -> each.number() == number)) {
                    continue;
                }
                for (int i = 0; i < sent.size(); i++) {
                    final Sent packet = sent.get(i);
                    if (packet.epoch == number && !packet.mayBeLost) {
                        assertThat(delivered).as("seed=%d packet=%d", seed, i).containsKey((long) i);
                    }
                }
                try (RetiredEpoch retired = retiring.remove(number).get(PATIENCE_S, TimeUnit.SECONDS)) {
                    assertThat(epochs.hasJournal(number)).isTrue();
                    final EpochDelayProof opening = retired.disclose().orElseThrow();
                    assertThat(epochs.hasJournal(number)).isFalse();
                    assertThat(opening.epoch()).isEqualTo(number);
                    assertThat(epochs.isTrue(opening)).isTrue();
                    disclosed.add(number);
                }
            }
        }

        private boolean isQuiet() {
            return test.inbound.isEmpty()
                    && test.engine.parts().ring().isEmpty()
                    && test.engine.counters().inFlight() == 0
                    && newest > 5
                    && retiring.isEmpty();
        }
    }
}
