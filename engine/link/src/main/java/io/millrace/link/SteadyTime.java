package io.millrace.link;

/**
 * Time that never goes back, from a clock that may: while the clock is set back, this time pauses for one reading and goes
 * on from there, so that no timer waits for the clock to catch up.
 *
 * <p>Not thread safe.
 */
final class SteadyTime {
    private long clockNs;
    private long shiftNs;
    private boolean read;

    /**
     * Takes a reading.
     *
     * @param nowNs of the clock, in nanoseconds.
     * @return the time in nanoseconds: the reading itself as long as the clock was never set back.
     */
    long follow(long nowNs) {
        if (read && nowNs - clockNs < 0) {
            shiftNs += clockNs - nowNs;
        }
        read = true;
        clockNs = nowNs;
        return nowNs + shiftNs;
    }

    /** The last reading as the clock gave it, in nanoseconds. */
    long clockNs() {
        return clockNs;
    }
}
