package io.millrace.relay;

import java.lang.foreign.MemorySegment;

/** Takes what receipts are to be made of; see {@link ReceiptService#offer}. */
@FunctionalInterface
interface ReceiptSink {
    boolean offer(
            int operation,
            long actorHigh,
            long actorLow,
            long nanoTime,
            MemorySegment digest,
            long digestPosition,
            int result);
}
