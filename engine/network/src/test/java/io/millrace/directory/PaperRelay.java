package io.millrace.directory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochDelayProof;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A relay on paper: its keys follow from one byte, its documents from a schedule. */
public final class PaperRelay implements AutoCloseable {
    /** Epochs of a minute. */
    public static final EpochSchedule SCHEDULE = new EpochSchedule(0, 60_000, 5_000);
    /** Mean 50 ms, at most 500 ms. */
    public static final DelayLaw LAW =
            new DelayLaw(DelayPolicy.EPOCH_VRF, DelayDistribution.exponential(50_000_000, 500_000_000));

    final Ed25519KeyPair pair;
    final EcvrfSecretKey vrf;
    final IdentityKey identity;
    private final int seed;

    /** The relay of a byte. */
    public PaperRelay(int seed) {
        this.seed = seed;
        try (SecretKey root = secret(seed, 0)) {
            pair = KeyRole.identityKey(root.segment());
            vrf = KeyRole.vrfKey(root.segment());
        }
        identity = IdentityKey.of(pair);
    }

    /** A builder with all fields: epochs {@code first} to {@code first + count - 1} on schedule. */
    RelayDescriptorBuilder fields(long sequence, long first, int count) {
        final List<EpochPublicKey> keys = new ArrayList<>();
        for (long number = first; number < first + count; number++) {
            keys.add(key(number, SCHEDULE.startMs(number), SCHEDULE.endMs(number)));
        }
        return RelayDescriptor.builder()
                .sequence(sequence)
                .linkKey(new byte[32])
                .vrfKey(vrf.publicKey().toArray(JAVA_BYTE))
                .law(LAW)
                .schedule(SCHEDULE)
                .keys(keys);
    }

    /** A descriptor of {@code count} epochs on schedule. */
    public RelayDescriptor descriptor(long sequence, long first, int count) {
        return fields(sequence, first, count).sign(pair);
    }

    EpochPublicKey key(long number, long notBeforeMs, long notAfterMs) {
        return new EpochPublicKey(number, sphinxKey(number), notBeforeMs, notAfterMs);
    }

    /** Secret of the Sphinx key of an epoch; the caller closes it. */
    public SecretKey sphinxSecret(long number) {
        return secret(seed, 1 + number);
    }

    /** Its public key. */
    public RelayPublicKey sphinxKey(long number) {
        try (SecretKey secret = sphinxSecret(number);
                X25519KeyPair keys = X25519KeyPair.of(secret.segment())) {
            return RelayPublicKey.copyOf(keys.publicKey());
        }
    }

    EpochDelayProof proof(long epoch) {
        return proof(vrf, identity, epoch);
    }

    static EpochDelayProof proof(EcvrfSecretKey key, IdentityKey identity, long epoch) {
        return DelayEpoch.prepare(key, identity.id(), epoch).takeDiscloser().disclose();
    }

    /** The honest disclosure of an epoch. */
    public DelayDisclosure disclosure(long epoch) {
        return DelayDisclosure.sign(pair, proof(epoch), LAW, SCHEDULE.startMs(epoch), SCHEDULE.endMs(epoch));
    }

    /** The identity. */
    public IdentityKey identity() {
        return identity;
    }

    /** The VRF key, which stays this object's. */
    public EcvrfSecretKey vrf() {
        return vrf;
    }

    @Override
    public void close() {
        pair.close();
        vrf.close();
    }

    private static SecretKey secret(int seed, long number) {
        final byte[] bytes = new byte[SecretKey.LENGTH];
        bytes[16] = (byte) seed; // not among the bits that clamping clears
        MemorySegment.ofArray(bytes).set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, 1, number);
        return SecretKey.takeFrom(bytes);
    }
}
