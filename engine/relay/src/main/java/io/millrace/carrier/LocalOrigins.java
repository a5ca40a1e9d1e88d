package io.millrace.carrier;

/**
 * Numbers below {@link DatagramBatch#UNKNOWN_PEER} that say of a datagram from which peer it came, and at which of up to 8,192
 * numbered local addresses it arrived.
 */
final class LocalOrigins {
    /** Local addresses are numbered below this. */
    static final int PLACES = 1 << 13;

    /** Peers are numbered below this; a datagram of another has no such origin. */
    static final int PEERS = 1 << 16;

    private static final int FIRST = DatagramBatch.UNKNOWN_PEER - 1;

    private LocalOrigins() {}

    /** Origin of a datagram of {@code peer}, 0 to {@code PEERS - 1}, that arrived at {@code place}. */
    static int of(int peer, int place) {
        return FIRST - (peer * PLACES + place);
    }

    /** Whether {@code origin} may be such a number. */
    static boolean isOne(int origin) {
        return origin <= FIRST && FIRST - origin < PEERS * PLACES;
    }

    /** Peer of such an origin. */
    static int peer(int origin) {
        return (FIRST - origin) / PLACES;
    }

    /** Number of the local address of such an origin. */
    static int place(int origin) {
        return (FIRST - origin) % PLACES;
    }
}
