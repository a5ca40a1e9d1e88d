package io.millrace.htx.session;

/**
 * The credit that this end has granted for the connection, and the memory behind it.
 *
 * <p>Every stream reserves its window out of {@link SessionConfig#maxReceived}, so unread bytes never pass that. The
 * connection's own window only paces: it is filled up again as bytes arrive.
 */
final class ReceiveCredit {
    private final int limit;
    private final WindowTuner tuner;
    private int reserved;
    private int buffered;
    private int outstanding;

    ReceiveCredit(SessionConfig config, long nowNs) {
        limit = config.maxReceived();
        tuner = new WindowTuner(config.initialWindow(), nowNs);
        outstanding = config.initialWindow();
    }

    /** Reserves {@code count} bytes, or gives back if it is negative; false if there is not that much. */
    boolean reserve(int count) {
        if (count > unreserved()) {
            return false;
        }
        reserved += count;
        return true;
    }

    int unreserved() {
        return limit - reserved;
    }

    /** Bytes received and not read. */
    int buffered() {
        return buffered;
    }

    /** Takes in {@code count} bytes; false if there was no credit for them. */
    boolean arrived(int count) {
        if (count > outstanding) {
            return false;
        }
        outstanding -= count;
        buffered += count;
        return true;
    }

    void tune(int count, long nowNs, long rttNs) {
        tuner.onReceived(count, nowNs, rttNs, limit);
    }

    void read(int count) {
        buffered -= count;
    }

    /** Credit to grant now; 0 as long as half of the window is still out. */
    int grantDue() {
        final int window = Math.min(tuner.window(), limit - buffered);
        final int grant = window - outstanding;
        return grant > 0 && 2L * grant >= window ? grant : 0;
    }

    void granted(int count) {
        outstanding += count;
    }
}
