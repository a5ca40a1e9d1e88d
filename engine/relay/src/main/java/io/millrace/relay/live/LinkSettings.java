package io.millrace.relay.live;

import io.millrace.carrier.Carrier;
import io.millrace.crypto.Randomness;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkListener;
import io.millrace.link.LinkTiming;
import io.millrace.metrics.NanoClock;
import java.util.function.LongSupplier;

/**
 * What the handshaked links of one engine have in common.
 *
 * @param identity of this relay; null: no link can be handshaked.
 * @param carrier of the frames and messages; null: no link can be handshaked.
 * @param timing waits and limits.
 * @param randomness of ephemeral keys and waits.
 * @param clock monotonic.
 * @param wallClock milliseconds since 1970.
 * @param listener told of every transition, by the links' thread.
 * @param packets number of packets that the engine has had so far.
 */
public record LinkSettings(
        LinkIdentity identity,
        Carrier carrier,
        LinkTiming timing,
        Randomness randomness,
        NanoClock clock,
        LongSupplier wallClock,
        LinkListener listener,
        LongSupplier packets) {}
