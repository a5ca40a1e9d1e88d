package io.millrace.node;

import io.millrace.node.keys.KeyFile;
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

    /** The key; stays this object's. */
    EcvrfSecretKey key() {
        return key;
    }

    /** Wipes the key. */
    @Override
    public void close() {
        key.close();
    }
}
