package io.millrace.relay;

import static io.millrace.relay.SleepingEngineTest.PATIENCE_NS;
import static io.millrace.relay.SleepingEngineTest.SLEEP_NS;
import static io.millrace.relay.SleepingEngineTest.await;
import static io.millrace.relay.SleepingEngineTest.awaitAsleep;
import static io.millrace.relay.SleepingEngineTest.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkTiming;
import io.millrace.link.LinkTransition;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.live.LinkAgent;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.Peer;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The threads of idle engines with handshaked links, which only a ring wakes: as {@link SleepingEngineTest}. */
@Timeout(120)
class SleepingLinksTest {
    private static final int ROUNDS = 20;
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 4_000);

    /** No message is sent again, no key grows old and no peer is probed within the test. */
    private static final LinkTiming ONCE = new LinkTiming(
            Duration.ofHours(1), Duration.ofHours(1), 8, Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(2));

    /** Messages go from the links' thread to the I/O thread and back, and the engine's thread tells the application. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void aLinkComesUpAndGoes(ThreadingMode mode) throws Exception {
        try (LinkedPair pair = new LinkedPair(mode)) {
            for (int round = 1; round <= ROUNDS / 4; round++) {
                final int expected = round;
                awaitAsleep(pair.first);
                awaitAsleep(pair.second);
                pair.connect();
                await("up", () -> pair.up[0].get() == expected && pair.up[1].get() == expected);
                awaitAsleep(pair.first);
                awaitAsleep(pair.second);
                final CompletableFuture<Void> gone = pair.first.removePeer(0);
                final CompletableFuture<Void> goneToo = pair.second.removePeer(0);
                await("down", () -> pair.down[0].get() == expected && pair.down[1].get() == expected);
                gone.get(PATIENCE_NS, TimeUnit.NANOSECONDS);
                goneToo.get(PATIENCE_NS, TimeUnit.NANOSECONDS);
                pair.separate();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void aLinkGoesDownWithItsConnection(ThreadingMode mode) {
        try (LinkedPair pair = new LinkedPair(mode)) {
            pair.connect();
            await("up", () -> pair.up[0].get() == 1 && pair.up[1].get() == 1);
            awaitAsleep(pair.first);
            pair.disconnectFirst();
            await("down", () -> pair.down[0].get() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void theLinkOfAPeerThatMovesIsRenewed(ThreadingMode mode) {
        try (LinkedPair pair = new LinkedPair(mode)) {
            pair.connect();
            await("up", () -> pair.up[0].get() == 1 && pair.up[1].get() == 1);
            for (int round = 1; round <= ROUNDS / 4; round++) {
                awaitAsleep(pair.first);
                awaitAsleep(pair.second);
                pair.first.movePeer(0, ADDRESS);
                final int expected = 1 + round;
                await("renewed", () -> pair.up[0].get() == expected && pair.up[1].get() == expected);
            }
            assertThat(pair.down[0].get() + pair.down[1].get()).isZero();
        }
    }

    /** It makes keys in time for a flood that follows; while none move it sleeps for long. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INVOKER")
    void packetsWakeTheThreadOfTheLinks(ThreadingMode mode) {
        try (LinkedPair pair = new LinkedPair(mode);
                Arena arena = Arena.ofConfined()) {
            pair.connect();
            await("up", () -> pair.up[0].get() == 1 && pair.up[1].get() == 1);
            final LinkAgent links = (LinkAgent) pair.first.parts().duties().getLast();
            final MemorySegment packet = arena.allocate(SphinxGeometry.MR1.packetLength());
            for (int round = 1; round <= ROUNDS; round++) {
                awaitAsleep(pair.first);
                await("sleeps for long", links::isAsleepForLong);
                awaitAsleep(pair.first);
                await("is awake", () -> {
                    pair.first.originate(0, packet, 0);
                    return !links.isAsleepForLong();
                });
            }
        }
    }

    /** Two engines, each of which will know the other as its peer 0. */
    private static final class LinkedPair implements AutoCloseable {
        final AtomicInteger[] up = {new AtomicInteger(), new AtomicInteger()};
        final AtomicInteger[] down = {new AtomicInteger(), new AtomicInteger()};
        final RelayEngine first;
        final RelayEngine second;
        private final SecretKey[] secrets = {
            SecretKey.generate(new SecureRandomness()), SecretKey.generate(new SecureRandomness())
        };
        private final Queue<byte[]> there = new ConcurrentLinkedQueue<>();
        private final Queue<byte[]> back = new ConcurrentLinkedQueue<>();
        private final Semaphore atFirst = new Semaphore(0);
        private final Semaphore atSecond = new Semaphore(0);
        private final AtomicBoolean wire = new AtomicBoolean();
        private final AtomicBoolean lost = new AtomicBoolean();
        private final RelayPublicKey[] keys = new RelayPublicKey[2];

        LinkedPair(ThreadingMode mode) {
            first = engine(0, mode, new PairCarrier(back, atFirst, there, atSecond, wire, lost));
            second = engine(1, mode, new PairCarrier(there, atSecond, back, atFirst, wire, new AtomicBoolean()));
            first.start();
            second.start();
        }

        /** Nothing arrives before each engine knows the other: no message is sent again. */
        void connect() {
            first.addPeer(peer(1), ADDRESS);
            second.addPeer(peer(0), ADDRESS);
            wire.set(true);
            atFirst.release();
            atSecond.release();
        }

        void separate() {
            wire.set(false);
            there.clear();
            back.clear();
        }

        void disconnectFirst() {
            lost.set(true);
            atFirst.release();
        }

        Peer peer(int number) {
            return Peer.handshaked("other", keys[number].id(), bytes(keys[number]));
        }

        private RelayEngine engine(int number, ThreadingMode mode, Carrier carrier) {
            final RelaySphinxKey key = new RelaySphinxKey(SecretKey.copyOf(secrets[number].segment()));
            keys[number] = RelayPublicKey.copyOf(key.publicKey());
            final byte[] id = new byte[16];
            key.id().writeTo(MemorySegment.ofArray(id), 0);
            final RelayEngineBuilder builder = RelayEngine.builder()
                    .config(config(mode))
                    .keyEpoch(new SphinxEpoch(0, key, new ReplaySet(10_000, 1, number)))
                    .delay(DelaySampler.sender(0))
                    .identity(new LinkIdentity(secrets[number], id))
                    .linkTiming(ONCE)
                    .carrier(carrier)
                    .listener(new RelayListener() {
                        @Override
                        public void onLinkUp(LinkTransition transition) {
                            up[number].incrementAndGet();
                        }

                        @Override
                        public void onLinkDown(LinkTransition transition) {
                            down[number].incrementAndGet();
                        }
                    });
            builder.longestSleepNs = SLEEP_NS;
            return builder.build();
        }

        private static byte[] bytes(RelayPublicKey key) {
            return key.toByteArray();
        }

        @Override
        public void close() {
            first.close();
            second.close();
            secrets[0].close();
            secrets[1].close();
        }
    }

    /** One end of a pair; waits for as long as it is told. */
    private record PairCarrier(
            Queue<byte[]> in,
            Semaphore arrival,
            Queue<byte[]> out,
            Semaphore arrivalThere,
            AtomicBoolean wire,
            AtomicBoolean lost)
            implements Carrier {
        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            int count = 0;
            for (byte[] each; wire.get() && count < limit && (each = in.poll()) != null; count++) {
                MemorySegment.copy(
                        each, 0, frames.memory(), ValueLayout.JAVA_BYTE, frames.position(count), each.length);
                frames.filled(count, each.length, 0);
            }
            return count;
        }

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            for (int i = from; i < from + count; i++) {
                out.add(frames.memory()
                        .asSlice(frames.position(i), frames.length(i))
                        .toArray(ValueLayout.JAVA_BYTE));
            }
            arrivalThere.release();
            return count;
        }

        @Override
        public int pollLost() {
            return lost.compareAndSet(true, false) ? 0 : DatagramBatch.UNKNOWN_PEER;
        }

        @Override
        public boolean canAwait() {
            return true;
        }

        @Override
        public void await(long ns) {
            try {
                if (arrival.tryAcquire(ns, TimeUnit.NANOSECONDS)) {
                    arrival.drainPermits();
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void wakeUp() {
            arrival.release();
        }

        @Override
        public void addPeer(int peer, InetSocketAddress address) {}

        @Override
        public void movePeer(int peer, InetSocketAddress address) {}

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
