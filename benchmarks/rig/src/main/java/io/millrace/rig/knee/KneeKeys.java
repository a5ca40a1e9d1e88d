package io.millrace.rig.knee;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkKeySlots;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkPeer;
import io.millrace.node.NodeEngine;
import io.millrace.node.config.EngineKeys;
import io.millrace.rig.knee.subject.KneeSocket;
import io.millrace.rig.knee.subject.RelaySubject;
import io.millrace.rig.knee.subject.Samplers;
import io.millrace.rig.knee.subject.SubjectSetup;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochDelayProof;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** All keys of a run: the subject's, which it is told, and those of its neighbours. Belongs to one thread. */
final class KneeKeys implements AutoCloseable {
    private final KneeOptions options;
    private final SecureRandomness randomness = new SecureRandomness();
    private final List<SecretKey> relaySecrets = new ArrayList<>();
    private final List<RelaySphinxKey> relay = new ArrayList<>();
    private final List<RelaySphinxKey> neighbours = new ArrayList<>();
    private final List<SecretKey> linkSecrets = new ArrayList<>();
    private final List<byte[]> linkKeys = new ArrayList<>();
    private final SecretKey subjectLinkSecret = SecretKey.generate(randomness);
    private final byte[] subjectLinkKey = publicKey(subjectLinkSecret);
    private final String identityId;
    private final String psk = randomHex();
    private final String vrfSeed = randomHex();
    private final EcvrfSecretKey vrfKey = Samplers.vrfKey(vrfSeed);
    private final List<String> forwarded = new ArrayList<>();

    /** Draws them. */
    KneeKeys(KneeOptions options) {
        this.options = options;
        final SphinxProfile profile = options.engine().profile();
        identityId = randomHex().substring(0, 2 * LinkKeys.ID_LENGTH);
        for (int epoch = 0; epoch < options.circumstances().epochs(); epoch++) {
            final SecretKey secret = SecretKey.generate(randomness);
            relaySecrets.add(secret);
            relay.add(new RelaySphinxKey(SecretKey.copyOf(secret.segment()), profile));
        }
        for (int i = 0; i < options.circumstances().neighbours(); i++) {
            neighbours.add(new RelaySphinxKey(SecretKey.generate(randomness), profile));
            final SecretKey secret = SecretKey.generate(randomness);
            linkSecrets.add(secret);
            linkKeys.add(publicKey(secret));
            forwarded.add(randomHex());
        }
    }

    /** What packets are prepared with. */
    LoadPool.Plan plan(BatchCrypto crypto) {
        return new LoadPool.Plan(
                crypto,
                options.circumstances(),
                relay,
                neighbours.stream()
                        .map(key -> RelayPublicKey.copyOf(key.publicKey(), key.profile()))
                        .toList(),
                this::sampler,
                this::epochKey,
                options.policy(),
                options.delay(),
                options.seed());
    }

    /** Setup that the subject gets. */
    SubjectSetup setup(String kind, int replayTags, int port, List<Integer> ports) {
        return new SubjectSetup(
                kind,
                relaySecrets.stream().map(KneeKeys::hex).toList(),
                identityId,
                hex(subjectLinkSecret),
                vrfSeed,
                psk,
                IntStream.range(0, ports.size())
                        .mapToObj(i -> new SubjectSetup.Entry(
                                neighbours.get(i).id().toString(),
                                HexFormat.of().formatHex(linkKeys.get(i)),
                                ports.get(i)))
                        .toList(),
                options.circumstances().handshaked(),
                options.circumstances().journal(),
                options.engine().journal().isPresent()
                        && options.engine().journal().get().durableFirst(),
                options.tcp(),
                port,
                options.engine()
                        .withoutState()
                        .with(EngineKeys.REPLAY_TAGS, Math.max(1, replayTags))
                        .texts(),
                options.cores().relay(),
                options.mutant());
    }

    /** Whether a disclosure, in hex, proves the VRF output of an epoch of the relay: there is only one. */
    boolean isDisclosure(String hex) {
        return EpochDelayProof.fromByteArray(HexFormat.of().parseHex(hex))
                .verify(HexFormat.of().parseHex(identityId), vrfKey.publicKey().toArray(ValueLayout.JAVA_BYTE));
    }

    /** Neighbour {@code index} of the relay, which takes {@code socket} over, with session keys in {@code keySlots}. */
    Neighbour neighbour(int index, KneeSocket socket, LinkKeySlots keySlots) {
        final byte[] own = HexFormat.of().parseHex(neighbours.get(index).id().toString());
        final byte[] subject = HexFormat.of().parseHex(identityId);
        if (options.circumstances().handshaked()) {
            return Neighbour.handshaked(
                    socket,
                    new LinkIdentity(linkSecrets.get(index), own),
                    new LinkPeer(subjectLinkKey, subject),
                    keySlots);
        }
        try (SecretKey secret = RelaySubject.secret(psk)) {
            return Neighbour.preShared(socket, LinkKeys.preShared(secret, own, subject, Instant.now()));
        }
    }

    /** Neighbour {@code index} of the forwarder: it opens the frames of the one before it. */
    Neighbour forwardedNeighbour(int index, KneeSocket socket, LinkKeySlots keySlots) {
        final int before = Math.floorMod(index - 1, forwarded.size());
        return Neighbour.preShared(
                socket,
                new LinkKeys(RelaySubject.secret(forwarded.get(index)), RelaySubject.secret(forwarded.get(before))));
    }

    @Override
    public void close() {
        relaySecrets.forEach(SecretKey::close);
        relay.forEach(RelaySphinxKey::close);
        neighbours.forEach(RelaySphinxKey::close);
        linkSecrets.forEach(SecretKey::close);
        subjectLinkSecret.close();
        vrfKey.close();
    }

    private DelaySampler sampler() {
        return NodeEngine.sampler(options.engine(), vrfKey);
    }

    private DelayEpoch epochKey(long epoch) {
        return NodeEngine.delayEpoch(options.engine(), vrfKey, HexFormat.of().parseHex(identityId), epoch);
    }

    private static byte[] publicKey(SecretKey secret) {
        try (X25519KeyPair pair = X25519KeyPair.of(secret.segment())) {
            return pair.publicKey().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private String randomHex() {
        try (SecretKey drawn = SecretKey.generate(randomness)) {
            return hex(drawn);
        }
    }

    private static String hex(SecretKey secret) {
        return HexFormat.of().formatHex(secret.segment().toArray(ValueLayout.JAVA_BYTE));
    }
}
