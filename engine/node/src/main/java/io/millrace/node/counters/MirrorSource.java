package io.millrace.node.counters;

import io.millrace.relay.RelayEngine;
import io.millrace.relay.receipts.ReceiptCounters;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Source of the counters of a relay; all of it is called on the thread of the mirror.
 *
 * @param engine asked while it runs and after.
 * @param peers their names, in the engine's order.
 * @param receipts their counters, if receipts are made.
 * @param entropyBits uncertainty of an observer about a packet that leaves, in bits, if it is known.
 * @param epochFailures steps of the key epochs on the disk that failed so far.
 */
public record MirrorSource(
        RelayEngine engine,
        List<String> peers,
        Supplier<Optional<ReceiptCounters>> receipts,
        Supplier<OptionalDouble> entropyBits,
        LongSupplier epochFailures) {
    /** Copies the list. */
    public MirrorSource {
        peers = List.copyOf(peers);
    }
}
