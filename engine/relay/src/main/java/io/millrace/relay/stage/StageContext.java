package io.millrace.relay.stage;

import io.millrace.memory.Slab;
import io.millrace.metrics.NanoClock;

/**
 * Memory and counters that all stages of one engine thread share.
 *
 * @param slab holds the packets.
 * @param fields views the slots' fields.
 * @param clock of the engine.
 * @param callbacks of the application; called by the thread that owns the wheel only.
 * @param ends where this thread's packets end.
 * @param batchLimit packets that a stage works on at once.
 */
public record StageContext(
        Slab slab, SlotFields fields, NanoClock clock, Callbacks callbacks, PacketCompletion ends, int batchLimit) {}
