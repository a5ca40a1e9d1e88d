package io.millrace.relay;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.config.EngineConfig;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkSealer;
import io.millrace.memory.TrackedArena;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.thread.Duty;
import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.sphinx.SphinxWrapper;
import io.millrace.sphinx.WrapBatch;
import io.millrace.test.SeededRandomness;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelaySampler;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A real engine with three linked neighbours and the means to make frames for it: peer 0 sends, peers 1 and 2 receive.
 * The carrier hands over the test's frames and takes from the engine only for peers that are not stalled.
 */
final class EngineUnderTest implements AutoCloseable {
    static final int SENDER = 0;
    static final int FIRST = 1;
    static final int SECOND = 2;

    private static final long PATIENCE_NS = 120_000_000_000L;

    final RelayEngine engine;
    final AtomicLong delivered = new AtomicLong();
    final AtomicLong[] taken = {new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong()};
    final Map<Integer, InetSocketAddress> added = new ConcurrentHashMap<>(); // to the carrier
    final Map<Integer, byte[]> lastFrame = new ConcurrentHashMap<>(); // by peer
    final Queue<byte[]> inbound = new ConcurrentLinkedQueue<>();
    volatile int stalledPeer = -1;
    volatile InetSocketAddress refusedAddress; // null: the carrier refuses none
    volatile boolean awaitable; // the carrier; before the engine starts
    private final Semaphore arrival = new Semaphore(0);

    private final Arena arena = TrackedArena.shared();
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final SeededRandomness randomness;
    private final RelaySphinxKey[] peerKeys = new RelaySphinxKey[3];
    private final Map<Long, RelayPublicKey> relayKeys = new HashMap<>(); // by epoch
    private final Link senderLink;
    private final MemorySegment frame = arena.allocate(64L + 2048 + 64, 64);
    private final LinkSealer sealer;
    private final Map<SphinxProfile, SphinxWrapper> wrappers = new EnumMap<>(SphinxProfile.class);
    private final EpochParts epochParts;
    private long[] delayTag;
    private final byte[] relayId;

    EngineUnderTest(EngineConfig config, long seed, long replayCapacity) {
        this(config, seed, replayCapacity, builder -> {});
    }

    /** Parts of a key epoch other than its Sphinx key. */
    interface EpochParts {
        /** Remembers the tags of the epoch. */
        ReplayFilter filter(long number);

        /** Gives the delays of the epoch; null where they do not come from it. */
        DelayEpoch delays(long number);
    }

    EngineUnderTest(EngineConfig config, long seed, long replayCapacity, Consumer<RelayEngineBuilder> furtherSettings) {
        this(config, seed, inMemory(replayCapacity), furtherSettings);
    }

    EngineUnderTest(
            EngineConfig config, long seed, EpochParts epochParts, Consumer<RelayEngineBuilder> furtherSettings) {
        this.epochParts = epochParts;
        randomness = new SeededRandomness(new SplittableRandom(seed));
        final RelaySphinxKey relayKey = relayKey(1);
        relayId = bytes(relayKey);
        sealer = new LinkSealer(arena, crypto, frame, 1);
        final RelayEngineBuilder builder = RelayEngine.builder()
                .config(config)
                .crypto(crypto)
                .keyEpoch(new SphinxEpoch(1, relayKey, epochParts.filter(1), epochParts.delays(1)))
                .listener(new RelayListener() {
                    @Override
                    public boolean onDeliver(Delivery delivery) {
                        assert delivery.payload().byteSize() == delivery.length();
                        delivered.incrementAndGet();
                        return true;
                    }
                })
                .carrier(new TestCarrier());
        try (SecretKey psk = SecretKey.generate(randomness)) {
            for (int peer = 0; peer < peerKeys.length; peer++) {
                peerKeys[peer] = new RelaySphinxKey(SecretKey.generate(randomness));
                builder.peer(Peer.linked(
                        "peer-" + peer,
                        peerKeys[peer].id(),
                        LinkKeys.preShared(psk, bytes(relayKey), bytes(peerKeys[peer]), Instant.EPOCH)));
            }
            senderLink = new Link(LinkKeys.preShared(psk, bytes(peerKeys[SENDER]), bytes(relayKey), Instant.EPOCH));
        }
        furtherSettings.accept(builder);
        if (builder.sampler == null) {
            builder.delay(DelaySampler.sender(1_000_000));
        }
        engine = builder.build();
    }

    /** Delay tag at the relay of the packet that was made last. */
    long[] delayTag() {
        return delayTag;
    }

    /** A fresh packet that the relay forwards to {@code peer}. */
    byte[] packetFor(int peer) {
        return packetFor(peer, 1);
    }

    /** A fresh packet for the relay's key of {@code epoch}, which the relay forwards to {@code peer}. */
    byte[] packetFor(int peer, long epoch) {
        final RelayPublicKey relay = relayKeys.get(epoch);
        return packet(List.of(hop(relay), hop(RelayPublicKey.copyOf(peerKeys[peer].publicKey(), relay.profile()))));
    }

    /** A fresh packet that the relay delivers. */
    byte[] packetForRelay() {
        return packetForRelay(1);
    }

    /** A fresh packet for the relay's key of {@code epoch}, which the relay delivers. */
    byte[] packetForRelay(long epoch) {
        return packet(List.of(hop(relayKeys.get(epoch))));
    }

    /** A fresh packet for a next hop that the relay does not know. */
    byte[] packetForStranger() {
        try (RelaySphinxKey stranger = new RelaySphinxKey(SecretKey.generate(randomness))) {
            return packetVia(RelayPublicKey.copyOf(stranger.publicKey()));
        }
    }

    /** A fresh packet that the relay forwards to {@code peer} after the delay that its sender wants. */
    byte[] packetWithDelay(int peer, long delayNs) {
        return packet(List.of(
                new SphinxHop(relayKeys.get(1L), delayNs), hop(RelayPublicKey.copyOf(peerKeys[peer].publicKey()))));
    }

    /** A fresh packet that the relay forwards to whatever peer has this key. */
    byte[] packetVia(RelayPublicKey next) {
        return packet(List.of(hop(relayKeys.get(1L)), hop(next)));
    }

    /** A fresh packet that ends at the relay. */
    byte[] packetForRelay(CommandType command, long idLow, long idHigh, byte[] payload) {
        return packetForRelay(1, command, idLow, idHigh, payload);
    }

    /** A fresh packet for the relay's key of {@code epoch}, which ends at the relay. */
    byte[] packetForRelay(long epoch, CommandType command, long idLow, long idHigh, byte[] payload) {
        return packet(
                new SphinxPath(List.of(hop(relayKeys.get(epoch))), command, idLow, idHigh),
                MemorySegment.ofArray(payload));
    }

    /** Seals a packet for the first epoch with the sender's next counter. */
    byte[] seal(byte[] packet) {
        return seal(packet, 1);
    }

    /** Seals a packet that was wrapped for {@code epoch} with the sender's next counter. */
    byte[] seal(byte[] packet, long epoch) {
        MemorySegment.copy(packet, 0, frame, JAVA_BYTE, LinkFrame.HEADER_LENGTH, packet.length);
        sealer.add(0, senderLink, epoch);
        sealer.seal();
        return frame.asSlice(0, LinkFrame.FRAME_LENGTH).toArray(JAVA_BYTE);
    }

    /** A key epoch with a new key and an empty replay set. */
    SphinxEpoch epoch(long number) {
        return epoch(number, SphinxProfile.MR1);
    }

    /** The same, for packets of a profile. */
    SphinxEpoch epoch(long number, SphinxProfile profile) {
        return new SphinxEpoch(number, relayKey(number, profile), epochParts.filter(number), epochParts.delays(number));
    }

    /** The Sphinx key of an epoch, for which packets can be made from now on. */
    RelaySphinxKey relayKey(long number) {
        return relayKey(number, SphinxProfile.MR1);
    }

    private RelaySphinxKey relayKey(long number, SphinxProfile profile) {
        final RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(randomness), profile);
        relayKeys.put(number, RelayPublicKey.copyOf(key.publicKey(), profile));
        return key;
    }

    private static EpochParts inMemory(long capacity) {
        return new EpochParts() {
            @Override
            public ReplayFilter filter(long number) {
                return ReplayFilter.inMemory(new ReplaySet(capacity, 1, 2));
            }

            @Override
            public DelayEpoch delays(long number) {
                return null;
            }
        };
    }

    /** As the network does: wakes the thread that waits for a frame. */
    void arrives(byte[] sealed) {
        inbound.add(sealed);
        arrival.release();
    }

    /** Lets all agents work until something holds; other threads may have a part in it. */
    void awaitSteps(BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NS) {
                throw new AssertionError("does not happen: " + engine.counters() + ", " + engine.epochs());
            }
            step();
        }
    }

    /** Every agent's duty once, in the order of the engine. */
    int step() {
        int work = 0;
        for (Duty agent : engine.parts().duties()) {
            work += agent.doWork();
        }
        return work;
    }

    @Override
    public void close() {
        engine.close();
        senderLink.close();
        for (RelaySphinxKey key : peerKeys) {
            key.close();
        }
        arena.close();
    }

    /** Keys of the relay's link to a further peer, as the relay has them. */
    LinkKeys linkTo(SecretKey psk, byte[] peerId) {
        return LinkKeys.preShared(psk, relayId, peerId, Instant.EPOCH);
    }

    /** Keys of the same link, as the peer has them. */
    LinkKeys linkFrom(SecretKey psk, byte[] peerId) {
        return LinkKeys.preShared(psk, peerId, relayId, Instant.EPOCH);
    }

    private byte[] packet(List<SphinxHop> hops) {
        return packet(SphinxPath.toRecipient(new ArrayList<>(hops), 1, 2), MemorySegment.ofArray(new byte[8]));
    }

    private byte[] packet(SphinxPath path, MemorySegment payload) {
        final SphinxGeometry geometry = SphinxGeometry.of(path.profile());
        final WrapBatch batch = new WrapBatch(geometry, frame, 1);
        batch.add(path, payload, 64);
        wrappers.computeIfAbsent(path.profile(), each -> new SphinxWrapper(arena, crypto, randomness, geometry, 1))
                .wrap(batch);
        delayTag = new long[] {batch.delayTagLow(0, 0), batch.delayTagHigh(0, 0)};
        return frame.asSlice(64, LinkFrame.PACKET_LENGTH).toArray(JAVA_BYTE);
    }

    private static SphinxHop hop(RelayPublicKey key) {
        return new SphinxHop(key, 0);
    }

    private static byte[] bytes(RelaySphinxKey key) {
        final byte[] bytes = new byte[LinkKeys.ID_LENGTH];
        key.id().writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    private final class TestCarrier implements Carrier {
        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            int count = 0;
            for (; count < limit; count++) {
                final byte[] bytes = inbound.poll();
                if (bytes == null) {
                    break;
                }
                MemorySegment.copy(
                        bytes,
                        0,
                        frames.memory(),
                        JAVA_BYTE,
                        frames.position(count),
                        Math.min(bytes.length, roomLength));
                frames.filled(count, bytes.length, SENDER);
            }
            return count;
        }

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            if (peer == stalledPeer) {
                return 0;
            }
            taken[peer].addAndGet(count);
            lastFrame.put(
                    peer,
                    frames.memory()
                            .asSlice(frames.position(from + count - 1), LinkFrame.FRAME_LENGTH)
                            .toArray(JAVA_BYTE));
            return count;
        }

        @Override
        public boolean canAwait() {
            return awaitable;
        }

        /** Not cut, so that a test tells a ring from the end of the wait. */
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
        public void addPeer(int peer, InetSocketAddress address) {
            if (address.equals(refusedAddress)) {
                throw new IllegalArgumentException("refused: address=" + address);
            }
            added.put(peer, address);
        }

        @Override
        public void removePeer(int peer) {
            added.remove(peer);
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
