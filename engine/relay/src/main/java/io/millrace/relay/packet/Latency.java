package io.millrace.relay.packet;

/** Parts of a packet's time in the relay that are measured apart; a histogram each, in nanoseconds. */
public enum Latency {
    /** From the carrier until an engine thread takes the packet: waiting in the ring. */
    QUEUE("queue"),
    /** Opening the link frame. */
    OPEN("open"),
    /** Peeling the Sphinx layer, with the whole batch that the packet was in. */
    PEEL("peel"),
    /** Replay check (where it is not part of peeling), routing, and scheduling of the delay. */
    ROUTE("route"),
    /** From the end of the intended delay until the frame is sealed: the wheel's tick and lag, then sealing. */
    SEAL("seal"),
    /** From sealing until the carrier took the frame. */
    EGRESS("egress"),
    /** The whole time in the relay without the intended delay. */
    RELAY("relay"),
    /** How much later than intended the packet left: {@code left - due}. */
    DELAY_ERROR("delayError");

    private final String label;

    Latency(String label) {
        this.label = label;
    }

    /** Index of the stage's histogram. */
    @SuppressWarnings("EnumOrdinal") // never stored
    public int index() {
        return ordinal();
    }

    /** Name for reports. */
    public String label() {
        return label;
    }
}
