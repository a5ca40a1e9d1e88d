package io.millrace.relay;

import static io.millrace.relay.CallbackRuns.await;
import static io.millrace.relay.CallbackRuns.config;
import static io.millrace.relay.CallbackRuns.offer;
import static io.millrace.relay.CallbackRuns.stepUntilEnded;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.link.LinkFrame;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import io.millrace.relay.peer.Peer;
import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls to the application: their thread and their arguments. */
class CallbacksTest {
    private static final long SEED = 20_261_129;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void callsBackOnOneThread(ThreadingMode mode) {
        final Set<String> threads = ConcurrentHashMap.newKeySet();
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger drops = new AtomicInteger();
        final RelayListener listener = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                enter();
                return true;
            }

            @Override
            public void onLoop(long idLow, long idHigh) {
                enter();
            }

            @Override
            public void onDrop(Verdict verdict, int source) {
                drops.incrementAndGet();
                enter();
            }

            private void enter() {
                assertThat(inside.getAndIncrement()).isZero();
                threads.add(Thread.currentThread().getName());
                inside.decrementAndGet();
            }
        };
        // Few slots: frames that find none are dropped by the thread that receives.
        final EngineConfig small = EngineConfig.builder()
                .threading(mode)
                .peelWorkers(2)
                .slotCount(64)
                .ringSize(64)
                .batchLimit(16)
                .maxDelay(Duration.ofMillis(10))
                .build();
        try (EngineUnderTest test = new EngineUnderTest(small, SEED, 1_000, builder -> builder.listener(listener))) {
            for (int i = 0; i < 500; i++) {
                test.inbound.add(i % 5 == 0 ? new byte[50] : test.seal(test.packetForRelay()));
            }
            test.engine.start();
            await(() -> test.engine.counters().received() == 500
                    && test.engine.counters().inFlight() == 0);
            offer(test, test.packetForRelay(CommandType.LOOP_COVER, 1, 2, new byte[8]));
            await(() -> test.engine.counters().received() == 501
                    && test.engine.counters().inFlight() == 0);
            await(() -> drops.get() + test.engine.untoldDrops()
                    == test.engine.counters().droppedTotal());
            assertThat(threads).containsExactly(callbackThread(mode));

            test.stalledPeer = EngineUnderTest.FIRST;
            test.inbound.add(test.seal(test.packetFor(EngineUnderTest.FIRST)));
            await(() -> test.engine.counters().received() == 502);
            test.engine.stop(Duration.ZERO);

            assertThat(test.engine.failure()).isEmpty();
            assertThat(threads)
                    .isSubsetOf(callbackThread(mode), Thread.currentThread().getName());
            assertThat(test.engine.counters().dropped()).containsKeys(Verdict.COVER, Verdict.SHUTDOWN);
            assertThat(drops.get() + test.engine.untoldDrops())
                    .isEqualTo(test.engine.counters().droppedTotal());
        }
    }

    @Test
    void namesStrangersAsOneSource() {
        final List<String> told = new ArrayList<>();
        final RelayListener listener = new RelayListener() {
            @Override
            public void onDrop(Verdict verdict, int source) {
                told.add(verdict + " " + source);
            }
        };
        final Carrier strangers = new NumberedStrangers();
        try (EngineUnderTest test = new EngineUnderTest(
                config(ThreadingMode.SHARED),
                SEED,
                1_000,
                builder -> builder.listener(listener).carrier(strangers))) {
            test.engine.open();
            stepUntilEnded(test, 2);
            assertThat(told)
                    .containsExactly("UNKNOWN_PEER " + PacketSource.UNKNOWN, "UNKNOWN_PEER " + PacketSource.UNKNOWN);
        }
    }

    @Test
    void showsExactlyThePayloadAndThePacketAndNotTheSlab() {
        final byte[] payload = new byte[777];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) (i * 31);
        }
        final List<byte[]> payloads = new ArrayList<>();
        final List<Delivery> kept = new ArrayList<>();
        final RelayListener listener = new RelayListener() {
            @Override
            public boolean onDeliver(Delivery delivery) {
                kept.add(delivery);
                assertThat(delivery.payload().isReadOnly()).isTrue();
                assertThat(delivery.payload()).isSameAs(delivery.payload());
                payloads.add(delivery.payload().toArray(JAVA_BYTE));
                return true;
            }

            @Override
            public boolean onForward(int peer, MemorySegment packet) {
                assertThat(peer).isEqualTo(3);
                assertThat(packet.isReadOnly()).isTrue();
                assertThat(packet.byteSize()).isEqualTo(2_048);
                return true;
            }
        };
        try (RelaySphinxKey direct = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
                EngineUnderTest test = new EngineUnderTest(
                        config(ThreadingMode.SHARED),
                        SEED,
                        1_000,
                        builder ->
                                builder.peer(Peer.direct("direct", direct.id())).listener(listener))) {
            test.engine.open();
            offer(test, test.packetForRelay(CommandType.DELIVER, 5, 6, payload));
            offer(test, test.packetForRelay(CommandType.DELIVER, 5, 6, new byte[0]));
            offer(test, test.packetVia(RelayPublicKey.copyOf(direct.publicKey())));
            stepUntilEnded(test, 3);

            assertThat(payloads).containsExactlyInAnyOrder(payload, new byte[0]);
            assertThat(test.engine.counters().forwarded()).isEqualTo(1);
            assertThat(test.engine.callbackFailures()).isZero();
            assertThatThrownBy(() -> kept.getFirst().payload()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void tellsOfALoopThatComesHomeBeforeItIsCounted() {
        final List<String> told = new ArrayList<>();
        final RelayListener[] listener = new RelayListener[1];
        final EngineUnderTest[] under = new EngineUnderTest[1];
        listener[0] = new RelayListener() {
            @Override
            public void onLoop(long idLow, long idHigh) {
                told.add("loop " + idLow + " " + idHigh + " "
                        + under[0].engine.counters().dropped().size());
            }

            @Override
            public void onDrop(Verdict verdict, int source) {
                told.add(verdict + " " + source);
            }
        };
        try (EngineUnderTest test = new EngineUnderTest(
                config(ThreadingMode.SHARED), SEED, 1_000, builder -> builder.listener(listener[0]))) {
            under[0] = test;
            test.engine.open();
            test.inbound.add(test.seal(test.packetForRelay(CommandType.LOOP_COVER, 7, 8, new byte[8])));
            stepUntilEnded(test, 1);
            assertThat(told).containsExactly("loop 7 8 0", "COVER 0");
        }
    }

    @Test
    void namesTheSourceOfADrop() {
        final List<Integer> sources = new ArrayList<>();
        final RelayListener listener = new RelayListener() {
            @Override
            public void onDrop(Verdict verdict, int source) {
                sources.add(source);
            }
        };
        try (EngineUnderTest test =
                new EngineUnderTest(config(ThreadingMode.SHARED), SEED, 1_000, builder -> builder.listener(listener))) {
            test.engine.open();
            final MemorySegment stranger = MemorySegment.ofArray(test.packetForStranger());
            assertThat(test.engine.offer(stranger, 0)).isEqualTo(Offer.OK);
            stepUntilEnded(test, 1);
            final int own = PacketSource.application(41);
            for (int source : new int[] {2, own, PacketSource.application(Integer.MAX_VALUE - 2)}) {
                assertThat(test.engine.offer(source, 1, MemorySegment.ofArray(test.packetForStranger()), 0))
                        .isEqualTo(Offer.OK);
            }
            test.inbound.add(test.seal(test.packetForStranger()));
            stepUntilEnded(test, 5);

            assertThat(sources)
                    .containsExactlyInAnyOrder(
                            PacketSource.APPLICATION,
                            2,
                            own,
                            PacketSource.application(Integer.MAX_VALUE - 2),
                            EngineUnderTest.SENDER);
            assertThat(PacketSource.applicationId(own)).isEqualTo(41);
            assertThat(PacketSource.isApplication(own)).isTrue();
            assertThat(PacketSource.applicationId(PacketSource.APPLICATION)).isEqualTo(-1);
            assertThat(PacketSource.isApplication(PacketSource.UNKNOWN)).isFalse();
            assertThatThrownBy(() -> test.engine.offer(PacketSource.UNKNOWN, 1, stranger, 0))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> test.engine.offer(3, 1, stranger, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> PacketSource.application(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String callbackThread(ThreadingMode mode) {
        return switch (mode) {
            case SHARED, INVOKER -> "millrace-relay";
            case SPLIT -> "millrace-engine";
            case PARALLEL -> "millrace-gate";
        };
    }

    /** Two frames of connections that the carrier numbers, as TCP does before the peer is known. */
    private static final class NumberedStrangers implements Carrier {
        private int next = DatagramBatch.UNKNOWN_PEER - 1;

        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            if (next < DatagramBatch.UNKNOWN_PEER - 2) {
                return 0;
            }
            frames.filled(0, LinkFrame.FRAME_LENGTH, next--);
            return 1;
        }

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            return count;
        }

        @Override
        public long receiveErrors() {
            return 0;
        }

        @Override
        public long sendErrors() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
