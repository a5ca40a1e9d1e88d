package io.millrace.htx.admission;

/**
 * Bounds of a responder.
 *
 * @param perSecond handshakes a second that one /24 or /56 may begin, 1 or more.
 * @param burst handshakes that it may begin at once, 1 or more.
 * @param networks networks that are distinguished at once, a power of two from 8.
 * @param ticketsPerHour first messages per hour that are remembered exactly, over all ticket keys, 1 to
 *     {@link #MOST_TICKETS}; more are remembered coarsely. Takes up to 256 bytes each.
 * @param maxPending handshakes that may wait for their last message at once, 1 or more.
 * @param timeoutNs how long they wait, in nanoseconds, 1 or more.
 */
public record AdmissionConfig(
        int perSecond, int burst, int networks, int ticketsPerHour, int maxPending, long timeoutNs) {
    /**
     * 20 a second and 50 at once per network, 16,384 networks, 262,144 an hour, 4,096 waiting for up to 5 seconds: one
     * network that leaves its handshakes half open takes 150 of those places, about 2.5 MB.
     */
    public static final AdmissionConfig DEFAULT = new AdmissionConfig(20, 50, 1 << 14, 1 << 18, 4_096, 5_000_000_000L);

    /** Tickets per hour that can be remembered exactly: 2^26. */
    public static final int MOST_TICKETS = 1 << 26;

    private static final int LEAST_NETWORKS = 8;

    /** Refuses values out of range. */
    public AdmissionConfig {
        require("perSecond", perSecond);
        require("burst", burst);
        require("ticketsPerHour", ticketsPerHour);
        require("maxPending", maxPending);
        require("timeoutNs", timeoutNs);
        if (ticketsPerHour > MOST_TICKETS) {
            throw new IllegalArgumentException(
                    "ticketsPerHour must be " + MOST_TICKETS + " or less: ticketsPerHour=" + ticketsPerHour);
        }
        if (networks < LEAST_NETWORKS || Integer.bitCount(networks) != 1) {
            throw new IllegalArgumentException("networks must be a power of two from 8: networks=" + networks);
        }
    }

    private static void require(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more: " + name + "=" + value);
        }
    }
}
