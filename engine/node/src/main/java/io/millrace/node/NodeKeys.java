package io.millrace.node;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.crypto.SecretKey;
import io.millrace.directory.IdentityKey;
import io.millrace.htx.handshake.HybridMode;
import io.millrace.link.LinkIdentity;
import io.millrace.node.keys.KeyFile;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelaySphinxKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Name of a node in links and receipts, and its key epochs.
 *
 * @param id of its identity, or of its Sphinx key if it has one for ever.
 * @param epochs taken over by {@link Node#open}.
 */
record NodeKeys(RelayId id, NodeEngine.Epochs epochs) {
    NodeKeys {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(epochs, "epochs");
    }

    /** The id as bytes. */
    byte[] idBytes() {
        return bytesOf(id);
    }

    /** The static end of the node's links; its owner closes it. */
    LinkIdentity linkIdentity(KeyFile keys, HybridMode hybrid) {
        try (SecretKey secret = keys.linkSecret()) {
            // A peer names this node by its public key or by its identity, and one of both is wrong.
            final RelayId keyId = keyId(keys);
            return new LinkIdentity(secret, idBytes(), bytesOf(id.equals(keyId) ? identityId(keys) : keyId), hybrid);
        }
    }

    /** Id of the Sphinx key in a key file. */
    static RelayId keyId(KeyFile keys) {
        try (RelaySphinxKey key = keys.sphinxKey()) {
            return key.id();
        }
    }

    /** Id of the identity in a key file. */
    static RelayId identityId(KeyFile keys) {
        try (Ed25519KeyPair identity = keys.identityKey()) {
            return RelayId.read(MemorySegment.ofArray(IdentityKey.of(identity).id()), 0);
        }
    }

    static byte[] bytesOf(RelayId id) {
        final MemorySegment bytes = MemorySegment.ofArray(new byte[RelayId.LENGTH]);
        id.writeTo(bytes, 0);
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }
}
