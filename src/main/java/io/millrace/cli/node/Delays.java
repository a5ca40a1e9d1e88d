package io.millrace.cli.node;

import io.millrace.cli.keys.KeyFile;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;

/**
 * Where a relay's delays come from: its VRF key.
 *
 * <p>Not thread safe. Closed after the engine.
 */
final class Delays implements AutoCloseable {
    private final EcvrfSecretKey key;

    private Delays(EcvrfSecretKey key) {
        this.key = key;
    }

    /** Takes what it needs from {@code keys}. */
    static Delays of(KeyFile keys) {
        return new Delays(keys.vrfKey());
    }

    /** Makes the engine's sampler, which the engine closes. */
    DelaySampler sampler(EngineSettings settings) {
        return switch (settings.policy()) {
            case SENDER -> DelaySampler.sender(settings.distribution().maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(settings.distribution());
            case PACKET_VRF -> DelaySampler.packetVrf(settings.distribution(), key);
        };
    }

    /** Wipes the VRF key. */
    @Override
    public void close() {
        key.close();
    }
}
