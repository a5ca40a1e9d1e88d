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
    private static final long EPOCH = 1;

    private Samplers() {}

    static EcvrfSecretKey vrfKey(String seedHex) {
        try (SecretKey seed = RelaySubject.secret(seedHex)) {
            return EcvrfSecretKey.fromSeed(seed.segment());
        }
    }

    /** The sampler of the relay {@code id} under {@code policy}; {@code key} must outlive it. */
    static DelaySampler of(String policy, DelayDistribution delay, EcvrfSecretKey key, RelayId id) {
        return switch (DelayPolicy.byLabel(policy)) {
            case SENDER -> DelaySampler.sender(delay.maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(delay, EpochKey.prepare(key, RelaySubject.bytes(id), EPOCH));
            case PACKET_VRF -> DelaySampler.packetVrf(delay, key);
        };
    }
}
