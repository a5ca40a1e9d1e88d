package io.millrace.rig.knee.subject;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.rig.crypto.CheatingCrypto;
import io.millrace.rig.judge.Mutant;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.lang.foreign.Arena;

/** Makes the same sampler in both processes, so that the generator knows what delay each packet is to be given. */
public final class Samplers {
    private Samplers() {}

    public static EcvrfSecretKey vrfKey(String seedHex) {
        try (SecretKey seed = RelaySubject.secret(seedHex)) {
            return EcvrfSecretKey.fromSeed(seed.segment());
        }
    }

    /** The relay's provider, which cheats if the setup says so. */
    static BatchCrypto crypto(SubjectSetup setup, DelayDistribution delay) {
        final BatchCrypto honest = CryptoProviders.byName(setup.provider());
        return setup.mutant().isEmpty()
                ? honest
                : new CheatingCrypto(honest, Mutant.byLabel(setup.mutant()), delay, Arena.global());
    }

    /** The sampler of a relay; {@code key} must outlive it. */
    public static DelaySampler of(String policy, DelayDistribution delay, EcvrfSecretKey key) {
        return switch (DelayPolicy.byLabel(policy)) {
            case SENDER -> DelaySampler.sender(delay.maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(delay);
            case PACKET_VRF -> DelaySampler.packetVrf(delay, key);
        };
    }

    /**
     * The key of the delays of a relay in one epoch, which its taker closes; null unless delays come from epochs.
     *
     * @param id the relay's identity id, 16 bytes.
     */
    public static DelayEpoch epochKey(String policy, EcvrfSecretKey key, byte[] id, long epoch) {
        return DelayPolicy.byLabel(policy) == DelayPolicy.EPOCH_VRF ? DelayEpoch.prepare(key, id, epoch) : null;
    }
}
