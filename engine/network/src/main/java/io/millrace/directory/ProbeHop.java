package io.millrace.directory;

import java.util.Objects;

/**
 * One relay on the way of a {@link Probe}.
 *
 * @param relay identity of the relay.
 * @param epoch number of the relay's key epoch that the probe was wrapped for, 0 or more.
 * @param tagLow first 8 bytes of the probe's delay tag at this relay, little endian.
 * @param tagHigh last 8 bytes of that tag, little endian.
 */
public record ProbeHop(IdentityKey relay, long epoch, long tagLow, long tagHigh) {
    /** Checks the ranges. */
    public ProbeHop {
        Objects.requireNonNull(relay, "relay");
        if (epoch < 0) {
            throw new IllegalArgumentException("an epoch number must be 0 or more: epoch=" + epoch);
        }
    }

    /** Tells no tag. */
    @Override
    public String toString() {
        return "ProbeHop[relay=" + relay.idHex() + ", epoch=" + epoch + "]";
    }
}
