package io.millrace.node.counters;

/**
 * Families of counters, by Agrona's type id. The key of a counter tells which member of the family it belongs to (index and
 * name) and which of the family's items it is.
 */
enum CounterFamily {
    /** Packets by verdict, and those received, originated and in flight: {@link #TOTAL}, {@link #PER_SECOND}. */
    PACKETS(1),
    /** Bounded parts of the engine: {@link #USED}, {@link #CAPACITY}. */
    OCCUPANCY(2),
    /** Sealed packets that wait for a peer: {@link #USED}, {@link #CAPACITY}. */
    QUEUE(3),
    /** Link to a peer: {@link #UP} to {@link #FAILURES}. */
    LINK(4),
    /** Time of packets in a part of the relay, in nanoseconds: {@link #COUNT} to {@link #LAST_MAX}. */
    STAGE(5),
    /** Figures of the whole relay: {@link #TOTAL}. */
    RELAY(6);

    /** Since the relay began, or now. */
    static final int TOTAL = 0;
    /** Per second, over the last second. */
    static final int PER_SECOND = 1;

    /** Places in use. */
    static final int USED = 0;
    /** Places. */
    static final int CAPACITY = 1;

    /** 1 if packets can be sent. */
    static final int UP = 0;
    /** 1 if the keys come from X25519 and ML-KEM-768; -1 where the link has no handshakes. */
    static final int HYBRID = 1;
    /** Handshakes begun or answered. */
    static final int STARTED = 2;
    /** Handshakes that led to a session. */
    static final int FINISHED = 3;
    /** Keys made from the key before. */
    static final int REKEYS = 4;
    /** Failures of all reasons. */
    static final int FAILURES = 5;

    /** Packets since the relay began. */
    static final int COUNT = 0;
    /** Percentiles since the relay began. */
    static final int P50 = 1;

    static final int P99 = 2;
    static final int P999 = 3;
    static final int MAX = 4;
    /** Packets of the last second. */
    static final int LAST_COUNT = 5;
    /** Percentiles of the last second. */
    static final int LAST_P50 = 6;

    static final int LAST_P99 = 7;
    static final int LAST_MAX = 8;

    private static final String[] FLOW_ITEMS = {"total", "per-second"};
    private static final String[] LEVEL_ITEMS = {"used", "capacity"};
    private static final String[] LINK_ITEMS = {"up", "hybrid", "started", "finished", "rekeys", "failures"};
    private static final String[] STAGE_ITEMS = {
        "count", "p50", "p99", "p99.9", "max", "last-count", "last-p50", "last-p99", "last-max"
    };

    private final int typeId;

    CounterFamily(int typeId) {
        this.typeId = typeId;
    }

    /** Agrona's type id. */
    int typeId() {
        return typeId;
    }

    /** Number of items of each member. */
    int itemCount() {
        return items().length;
    }

    /** Name of an item for labels. */
    String item(int item) {
        return items()[item];
    }

    private String[] items() {
        return switch (this) {
            case PACKETS -> FLOW_ITEMS;
            case OCCUPANCY, QUEUE -> LEVEL_ITEMS;
            case LINK -> LINK_ITEMS;
            case STAGE -> STAGE_ITEMS;
            case RELAY -> new String[] {"value"};
        };
    }
}
