package io.millrace.rig.explain;

import java.util.Map;

/** Packets for tests. */
final class TestPackets {
    private TestPackets() {}

    /** One that left without a delay and waited all the time to be taken from the queue. */
    static SampledPacket queued(long leftNs, long relayNs) {
        return new SampledPacket(
                leftNs,
                0,
                relayNs,
                Map.of("queue", relayNs, "open", 0L, "peel", 0L, "route", 0L, "seal", 0L, "egress", 0L));
    }
}
