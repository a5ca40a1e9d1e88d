package io.millrace.relay.packet;

import io.millrace.sphinx.CommandType;
import java.lang.foreign.MemorySegment;

/**
 * A payload for this relay's application, valid only during the callback that brings it. One object serves all deliveries
 * of an engine; it allocates nothing per packet.
 */
public interface Delivery {
    /**
     * The payload.
     *
     * @return a read-only native segment of exactly the payload, on memory that the next delivery overwrites.
     * @throws IllegalStateException after the callback.
     */
    MemorySegment payload();

    /** Length of the payload in bytes. */
    int length();

    /** {@link CommandType#code()} of the routing command: deliver or SURB reply. */
    int command();

    /** First eight bytes of the recipient or SURB id, little endian. */
    long idLow();

    /** Last eight bytes of the recipient or SURB id, little endian. */
    long idHigh();
}
