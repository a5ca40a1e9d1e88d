package io.millrace.rig.bed;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.Link;
import io.millrace.link.LinkKeys;
import io.millrace.relay.peer.Peer;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.EcvrfSecretKey;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * What several measured engines have in common: the keys of the relay and its neighbours, and the packets that were
 * prepared for them. It outlives them. Belongs to one thread.
 */
public final class BenchFixture implements AutoCloseable {
    private final BatchCrypto provider;
    private final SphinxProfile profile;
    private final int packetCount;
    private final SecureRandomness randomness = new SecureRandomness();
    private final SecretKey relaySecret = SecretKey.generate(randomness);
    private final List<SecretKey> neighbourSecrets = new ArrayList<>();
    private final SecretKey psk = SecretKey.generate(randomness);
    private final EcvrfSecretKey vrfKey = EcvrfSecretKey.generate(randomness);
    private final RelaySphinxKey upstream;
    private final RelayPublicKey relay;
    private final List<RelayPublicKey> neighbours = new ArrayList<>();
    private final List<RelayId> neighbourIds = new ArrayList<>();
    private final RelayId relayId;
    private final Map<String, PreparedPackets> pools = new HashMap<>();

    /**
     * Draws the keys.
     *
     * @param provider prepares the packets; stays the caller's.
     * @param profile wire profile of the packets.
     * @param packetCount packets of each pool, 1 or more; each takes some 2 KiB of native memory.
     * @param neighbourCount neighbours of the relay, 2 or more; of two, the first sends and the second receives.
     */
    public BenchFixture(BatchCrypto provider, SphinxProfile profile, int packetCount, int neighbourCount) {
        this.provider = provider;
        this.profile = profile;
        this.upstream = new RelaySphinxKey(SecretKey.generate(randomness), profile);
        this.packetCount = packetCount;
        try (RelaySphinxKey relayKey = relayKey()) {
            relay = RelayPublicKey.copyOf(relayKey.publicKey(), profile);
            relayId = relayKey.id();
        }
        for (int i = 0; i < neighbourCount; i++) {
            neighbourSecrets.add(SecretKey.generate(randomness));
        }
        final List<RelaySphinxKey> keys = neighbourKeys();
        keys.forEach(key -> {
            neighbours.add(RelayPublicKey.copyOf(key.publicKey(), profile));
            neighbourIds.add(key.id());
            key.close();
        });
    }

    /** Geometry of the packets. */
    SphinxGeometry geometry() {
        return SphinxGeometry.of(profile);
    }

    /** Distinct packets of a pool. */
    public int packetCount() {
        return packetCount;
    }

    /** Packets whose senders ask for no delay; prepared at the first call, closed with this. */
    public PreparedPackets undelayed() {
        return pool("none", () -> 0);
    }

    /**
     * Packets whose senders ask for delays of {@code delay}; prepared at the first call, closed with this.
     *
     * @param delay distribution of the delays that senders ask for.
     */
    public PreparedPackets delayed(DelayDistribution delay) {
        return pool(
                delay.toString(),
                () -> delay.delayNs(ThreadLocalRandom.current().nextLong()));
    }

    /** The relay's Sphinx key; its taker closes it. */
    RelaySphinxKey relayKey() {
        return new RelaySphinxKey(SecretKey.copyOf(relaySecret.segment()), profile);
    }

    /** The neighbours' Sphinx keys, by index; their taker closes them. */
    List<RelaySphinxKey> neighbourKeys() {
        return neighbourSecrets.stream()
                .map(secret -> new RelaySphinxKey(SecretKey.copyOf(secret.segment()), profile))
                .toList();
    }

    /** The neighbours' ids, by index. */
    List<RelayId> neighbourIds() {
        return neighbourIds;
    }

    /** The neighbours' ends of their links, by index; their taker closes them. */
    List<Link> neighbourLinks() {
        return neighbourIds.stream().map(id -> link(id, relayId)).toList();
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

    /** The key of the relay's delays; closed with this. */
    public EcvrfSecretKey vrfKey() {
        return vrfKey;
    }

    /** The relay's id, 16 bytes. */
    public byte[] relayIdBytes() {
        return bytes(relayId);
    }

    /** All neighbours as the relay's peers, by index. */
    List<Peer> peers() {
        return neighbourIds.stream()
                .<Peer>map(id -> Peer.linked(id.toString(), id, linkKeys(relayId, id)))
                .toList();
    }

    @Override
    public void close() {
        pools.values().forEach(PreparedPackets::close);
        upstream.close();
        vrfKey.close();
        psk.close();
        neighbourSecrets.forEach(SecretKey::close);
        relaySecret.close();
    }

    private PreparedPackets pool(String delays, LongSupplier delaysNs) {
        return pools.computeIfAbsent(
                delays,
                missing -> PreparedSphinxPackets.prepare(
                        provider, new PreparedSphinxPackets.Route(upstream, relay, neighbours), delaysNs, packetCount));
    }

    private static byte[] bytes(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }
}
