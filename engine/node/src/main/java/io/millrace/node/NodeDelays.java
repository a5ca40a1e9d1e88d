package io.millrace.node;

import io.millrace.node.keys.KeyFile;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;

/**
 * The VRF key of a node, for the delays that it draws. Closed after the engine.
 *
 * <p>Not thread safe.
 */
public final class NodeDelays implements AutoCloseable {
    private final EcvrfSecretKey key;

    private NodeDelays(EcvrfSecretKey key) {
        this.key = key;
    }

    /** Derives the key from {@code keys}, which stay the caller's. */
    static NodeDelays of(KeyFile keys) {
        return new NodeDelays(keys.vrfKey());
    }

    /** Makes the engine's sampler, which the engine closes. */
    DelaySampler sampler(EngineSettings settings) {
        return switch (settings.policy()) {
            case SENDER -> DelaySampler.sender(settings.distribution().maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(settings.distribution());
            case PACKET_VRF -> DelaySampler.packetVrf(settings.distribution(), key);
        };
    }

    /** Wipes the key. */
    @Override
    public void close() {
        key.close();
    }
}
