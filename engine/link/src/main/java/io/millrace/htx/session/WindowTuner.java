package io.millrace.htx.session;

/**
 * Grows a window to twice the bandwidth-delay product. As long as the window is what limits the sender, it empties one
 * window per round trip, so that the window doubles with each round trip until the path is full.
 *
 * <p>Not thread safe.
 */
final class WindowTuner {
    private int window;
    private long sinceNs;
    private long bytes;

    WindowTuner(int initialWindow, long nowNs) {
        window = initialWindow;
        sinceNs = nowNs;
    }

    /** The window in bytes. */
    int window() {
        return window;
    }

    /**
     * Notes what arrived.
     *
     * @param rttNs round-trip time; 0 if it is not known yet, and then the window stays.
     * @param limit largest window.
     */
    void onReceived(int count, long nowNs, long rttNs, int limit) {
        bytes += count;
        final long elapsed = nowNs - sinceNs;
        if (rttNs == 0) {
            return;
        }
        if (elapsed >= rttNs) {
            final double product = (double) bytes * rttNs / elapsed;
            window = (int) Math.max(window, Math.min(limit, 2 * product));
            sinceNs = nowNs;
            bytes = 0;
        }
    }
}
