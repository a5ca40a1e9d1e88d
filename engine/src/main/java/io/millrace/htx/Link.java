package io.millrace.htx;

/**
 * One link in use: its keys, the next counter to send and the window of counters received.
 *
 * <p>Threading: {@link LinkSealer} and {@link #accept} belong to one thread each; the keys may be read by any.
 */
public final class Link implements AutoCloseable {
    /** The last counter is reserved, as in Noise: it is never used for a frame. */
    private static final long RESERVED = -1L;

    private final LinkKeys keys;
    private final ReplayWindow window;
    private long nextCounter;

    /** Opens a link over {@code keys}, which it closes with itself. */
    public Link(LinkKeys keys) {
        this(keys, keys.firstCounter());
    }

    /** For tests of the last counters. */
    Link(LinkKeys keys, long nextCounter) {
        this.keys = keys;
        this.window = new ReplayWindow(keys.receiveFloor());
        this.nextCounter = nextCounter;
    }

    /** Whether the link has counters left for {@code count} more frames; without, it needs new keys. */
    public boolean canSend(int count) {
        return Long.compareUnsigned(RESERVED - nextCounter, count) >= 0;
    }

    /** Whether a frame's counter is new; remembers nothing. A cheap check before the tag is verified. */
    public boolean isNew(long counter) {
        return counter != RESERVED && window.check(counter);
    }

    /** Accepts the counter of an authentic frame, once. */
    public boolean accept(long counter) {
        return counter != RESERVED && window.accept(counter);
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        keys.close();
    }

    LinkKeys keys() {
        return keys;
    }

    long takeCounter() {
        assert nextCounter != RESERVED : "link is exhausted";
        return nextCounter++;
    }
}
