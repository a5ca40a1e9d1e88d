package io.millrace.node;

import io.millrace.node.keys.KeyFile;
import io.millrace.receipt.LogKey;
import io.millrace.text.ConfigException;

/** Makes the key of a log from a key file. */
public final class ReceiptKeys {
    private ReceiptKeys() {}

    /**
     * The log key of an identity; its owner closes it.
     *
     * @param keys of the identity; stay the caller's.
     * @param origin the log's name, or null for {@code millrace/} and the relay id.
     */
    public static LogKey derive(KeyFile keys, String origin) {
        try {
            return LogKey.derive(
                    origin == null ? "millrace/" + keys.publicIdentity().relayId() : origin,
                    keys.rootSeed().segment());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage(), e);
        }
    }
}
