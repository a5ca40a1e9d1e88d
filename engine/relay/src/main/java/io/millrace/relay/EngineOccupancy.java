package io.millrace.relay;

import java.util.List;

/**
 * How full everything bounded in an engine is; each figure was true a moment ago, not all at one instant.
 *
 * @param slots of the slab that hold packets.
 * @param ring events that no engine thread is done with yet.
 * @param wheel packets that wait for their time.
 * @param replayTags tags that the running key epoch remembers.
 * @param egress sealed packets that wait for each peer, in the order of the peers.
 */
public record EngineOccupancy(
        Occupancy slots, Occupancy ring, Occupancy wheel, Occupancy replayTags, List<Occupancy> egress) {
    /** Copies the list. */
    public EngineOccupancy {
        egress = List.copyOf(egress);
    }
}
