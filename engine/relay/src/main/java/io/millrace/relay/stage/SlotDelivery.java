package io.millrace.relay.stage;

import io.millrace.relay.packet.Delivery;
import io.millrace.sphinx.SphinxGeometry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The payload of a slot. One object serves all deliveries of an engine; it allocates nothing per packet. */
final class SlotDelivery implements Delivery {
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

    SlotDelivery(Arena arena, MemorySegment slab, SphinxGeometry geometry) {
        this.slab = slab;
        this.copy = arena.allocate(geometry.payloadLength(), 64);
        this.payloads = new MemorySegment[geometry.payloadLength() + 1];
    }

    /** Begins the delivery of the payload at {@code position} in the slab. */
    SlotDelivery begin(long position, int length, int command, long idLow, long idHigh) {
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

    @Override
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

    @Override
    public int length() {
        return length;
    }

    @Override
    public int command() {
        return command;
    }

    @Override
    public long idLow() {
        return idLow;
    }

    @Override
    public long idHigh() {
        return idHigh;
    }
}
