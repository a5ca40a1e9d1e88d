package io.millrace.relay;

import java.lang.foreign.MemorySegment;

/** A packet for this relay's application. A view over its slot, valid only during the callback that brings it. */
public final class Delivery {
    private MemorySegment memory;
    private long position;
    private int length;
    private int command;
    private long idLow;
    private long idHigh;

    Delivery() {}

    Delivery wrap(MemorySegment memory, long position, int length, int command, long idLow, long idHigh) {
        this.memory = memory;
        this.position = position;
        this.length = length;
        this.command = command;
        this.idLow = idLow;
        this.idHigh = idHigh;
        return this;
    }

    /** The memory that holds the payload. */
    public MemorySegment memory() {
        return memory;
    }

    /** Position of the payload's first byte in {@link #memory()}. */
    public long position() {
        return position;
    }

    /** Length of the payload in bytes. */
    public int length() {
        return length;
    }

    /** Type code of the routing command, see {@code RoutingCommand}: deliver, loop cover or SURB reply. */
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
