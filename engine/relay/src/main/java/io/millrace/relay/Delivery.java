package io.millrace.relay;

import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.SphinxGeometry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A payload for this relay's application, valid only during the callback that brings it. One object serves all deliveries
 * of an engine; it allocates nothing per packet.
 */
public final class Delivery {
    private final MemorySegment slab;
    private final MemorySegment copy;
    private final MemorySegment[] payloads; // by length, made when first needed
    private long position;
    private int length;
    private int command;
    private long idLow;
    private long idHigh;
    private boolean copied;
    private boolean valid;

    Delivery(Arena arena, MemorySegment slab, SphinxGeometry geometry) {
        this.slab = slab;
        this.copy = arena.allocate(geometry.payloadLength(), 64);
        this.payloads = new MemorySegment[geometry.payloadLength() + 1];
    }

    /** Begins the delivery of the payload at {@code position} in the slab. */
    Delivery begin(long position, int length, int command, long idLow, long idHigh) {
        this.position = position;
        this.length = length;
        this.command = command;
        this.idLow = idLow;
        this.idHigh = idHigh;
        copied = false;
        valid = true;
        return this;
    }

    /** Ends the delivery: the payload can no longer be read. */
    void end() {
        valid = false;
    }

    /**
     * The payload.
     *
     * @return a read-only native segment of exactly the payload, on memory that the next delivery overwrites.
     * @throws IllegalStateException after the callback.
     */
    public MemorySegment payload() {
        if (!valid) {
            throw new IllegalStateException("a delivery ends with its callback");
        }
        if (!copied) {
            copied = true;
            MemorySegment.copy(slab, position, copy, 0, length);
        }
        MemorySegment payload = payloads[length];
        if (payload == null) {
            payload = copy.asSlice(0, length).asReadOnly();
            payloads[length] = payload;
        }
        return payload;
    }

    /** Length of the payload in bytes. */
    public int length() {
        return length;
    }

    /** {@link CommandType#code()} of the routing command: deliver or SURB reply. */
    public int command() {
        return command;
    }

    /** First eight bytes of the recipient or SURB id, little endian. */
    public long idLow() {
        return idLow;
    }

    /** Last eight bytes of the recipient or SURB id, little endian. */
    public long idHigh() {
        return idHigh;
    }
}
