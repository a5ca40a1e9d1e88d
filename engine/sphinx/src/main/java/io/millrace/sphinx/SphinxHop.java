package io.millrace.sphinx;

import java.util.Objects;

/**
 * One relay of a path.
 *
 * @param relay the relay's key.
 * @param delayNs requested delay in nanoseconds, 0 to 2^63 - 1; obeyed under the SENDER policy.
 */
public record SphinxHop(RelayPublicKey relay, long delayNs) {
    public SphinxHop {
        Objects.requireNonNull(relay, "relay");
        if (delayNs < 0) {
            throw new IllegalArgumentException("delayNs must not be negative: delayNs=" + delayNs);
        }
    }
}
