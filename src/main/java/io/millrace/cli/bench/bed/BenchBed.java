package io.millrace.cli.bench.bed;

import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.htx.Link;
import io.millrace.htx.LinkKeys;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochKey;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * What several measured engines have in common: the keys of the relay and its two neighbours, and the packets that were
 * prepared for them. It outlives them. Belongs to one thread.
 */
public final class BenchBed implements AutoCloseable {
    private final BatchCrypto provider;
    private final int packetCount;
    private final SecureRandomness randomness = new SecureRandomness();
    private final SecretKey relaySecret = SecretKey.generate(randomness);
    private final SecretKey downstreamSecret = SecretKey.generate(randomness);
    private final SecretKey psk = SecretKey.generate(randomness);
    private final EcvrfSecretKey vrfKey = EcvrfSecretKey.generate(randomness);
    private final RelaySphinxKey upstream = new RelaySphinxKey(SecretKey.generate(randomness));
    private final RelayPublicKey relay;
    private final RelayPublicKey downstream;
    private final RelayId downstreamId;
    private final RelayId relayId;
    private final Map<String, PreparedPackets> pools = new HashMap<>();

    /**
     * Draws the keys.
     *
     * @param provider prepares the packets; stays the caller's.
     * @param packetCount packets of each pool, 1 or more; each takes some 2 KiB of native memory.
     */
    public BenchBed(BatchCrypto provider, int packetCount) {
        this.provider = provider;
        this.packetCount = packetCount;
        try (RelaySphinxKey relayKey = relayKey();
                RelaySphinxKey downstreamKey = downstreamKey()) {
            relay = RelayPublicKey.copyOf(relayKey.publicKey());
            relayId = relayKey.id();
            downstream = RelayPublicKey.copyOf(downstreamKey.publicKey());
            downstreamId = downstreamKey.id();
        }
    }

    /** Distinct packets of a pool. */
    public int packetCount() {
        return packetCount;
    }

    /** Packets whose senders ask for no delay; prepared at the first call, closed with this. */
    public PreparedPackets undelayed() {
        return pool("none", () -> 0);
    }

    /** Packets whose senders ask for delays of {@code delay}; prepared at the first call, closed with this. */
    public PreparedPackets delayed(DelayDistribution delay) {
        return pool(
                delay.toString(),
                () -> delay.delayNs(ThreadLocalRandom.current().nextLong()));
    }

    /** The relay's Sphinx key; its taker closes it. */
    RelaySphinxKey relayKey() {
        return new RelaySphinxKey(SecretKey.copyOf(relaySecret.segment()));
    }

    /** The next hop's Sphinx key; its taker closes it. */
    RelaySphinxKey downstreamKey() {
        return new RelaySphinxKey(SecretKey.copyOf(downstreamSecret.segment()));
    }

    RelayId upstreamId() {
        return upstream.id();
    }

    RelayId downstreamId() {
        return downstreamId;
    }

    RelayId relayId() {
        return relayId;
    }

    /** The end of {@code own} of its link with {@code peer}. */
    LinkKeys linkKeys(RelayId own, RelayId peer) {
        return LinkKeys.preShared(psk, bytes(own), bytes(peer), Instant.now());
    }

    /** As {@link #linkKeys}, for a neighbour. */
    Link link(RelayId own, RelayId peer) {
        return new Link(linkKeys(own, peer));
    }

    /** A sampler of the relay; its taker closes it. */
    public DelaySampler sampler(DelayPolicy policy, DelayDistribution delay) {
        return switch (policy) {
            case SENDER -> DelaySampler.sender(delay.maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(delay);
            case PACKET_VRF -> DelaySampler.packetVrf(delay, vrfKey);
        };
    }

    /** The key of the delays of one epoch, which its taker closes; null unless delays come from epochs. */
    public EpochKey epochKey(DelayPolicy policy, long number) {
        return policy == DelayPolicy.EPOCH_VRF ? EpochKey.prepare(vrfKey, bytes(relayId), number) : null;
    }

    @Override
    public void close() {
        pools.values().forEach(PreparedPackets::close);
        upstream.close();
        vrfKey.close();
        psk.close();
        downstreamSecret.close();
        relaySecret.close();
    }

    private PreparedPackets pool(String delays, LongSupplier delaysNs) {
        return pools.computeIfAbsent(
                delays,
                missing -> RoutedPackets.prepare(
                        provider, new RoutedPackets.Route(upstream, relay, downstream), delaysNs, packetCount));
    }

    private static byte[] bytes(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }
}
