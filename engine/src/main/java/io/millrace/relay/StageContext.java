package io.millrace.relay;

import io.millrace.memory.Slab;
import io.millrace.metrics.NanoClock;

/**
 * What every stage of one engine thread works with.
 *
 * @param slab holds the packets.
 * @param fields views the slots' fields.
 * @param clock of the engine.
 * @param listener the application's.
 * @param ends where this thread's packets end.
 * @param batchLimit packets that a stage works on at once.
 */
record StageContext(
        Slab slab, SlotFields fields, NanoClock clock, RelayListener listener, PacketEnds ends, int batchLimit) {}
