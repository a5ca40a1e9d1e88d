package io.millrace.htx.admission;

import java.util.Objects;

/** The place of one session; given back by {@link #close}. */
public final class SessionPlace implements AutoCloseable, PrefixGroup.Member {
    private final SessionPlaces places;
    private final long prefix;
    private final long number;
    private volatile long progressNs;

    /** Under the lock of the places. */
    private Runnable onDisplaced;

    /** Under the lock of the places. */
    private boolean displaced;

    SessionPlace(SessionPlaces places, long prefix, long number, long nowNs) {
        this.places = places;
        this.prefix = prefix;
        this.number = number;
        this.progressNs = nowNs;
    }

    /**
     * Says what ends the session, should its place go to a newcomer; at once if that has happened already.
     *
     * @param close must not wait and must not throw; called at most once, by a thread that admits.
     */
    public void onDisplaced(Runnable close) {
        Objects.requireNonNull(close, "close");
        final boolean late;
        synchronized (places) {
            late = displaced;
            onDisplaced = close;
        }
        if (late) {
            close.run();
        }
    }

    /**
     * Bytes of a stream have moved, in either direction.
     *
     * @param nowNs on the clock of {@link SessionPlaces#admit}.
     */
    public void progress(long nowNs) {
        progressNs = nowNs;
    }

    /** Gives the place back; a second time does nothing. */
    @Override
    public void close() {
        places.leave(this);
    }

    /** The network of the other end: {@link SourcePrefix}. */
    @Override
    public long prefix() {
        return prefix;
    }

    /** Place in the order of arrivals. */
    @Override
    public long number() {
        return number;
    }

    long progressNs() {
        return progressNs;
    }

    /** Under the lock of the places; what ends the session, null if that is not known yet. */
    Runnable displace() {
        displaced = true;
        return onDisplaced;
    }
}
