package io.millrace.cli.knee;

import io.millrace.crypto.SecretKey;
import io.millrace.sphinx.RelayId;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochKey;

/** Makes the same sampler in both processes, so that the generator knows what delay each packet is to be given. */
final class Samplers {
    private Samplers() {}

    static EcvrfSecretKey vrfKey(String seedHex) {
        try (SecretKey seed = RelaySubject.secret(seedHex)) {
            return EcvrfSecretKey.fromSeed(seed.segment());
        }
    }

    /** The key of the delays of one epoch of the relay {@code id}; null unless delays come from epochs. */
    static EpochKey epochKey(String policy, EcvrfSecretKey key, RelayId id, long epoch) {
        return DelayPolicy.byLabel(policy) == DelayPolicy.EPOCH_VRF
                ? EpochKey.prepare(key, RelaySubject.bytes(id), epoch)
                : null;
    }

    /** The sampler of a relay under {@code policy}; {@code key} must outlive it. */
    static DelaySampler of(String policy, DelayDistribution delay, EcvrfSecretKey key) {
        return switch (DelayPolicy.byLabel(policy)) {
            case SENDER -> DelaySampler.sender(delay.maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(delay);
            case PACKET_VRF -> DelaySampler.packetVrf(delay, key);
        };
    }
}
