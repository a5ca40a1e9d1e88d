package io.millrace.htx.admission;

/**
 * The place of one connection that has no session yet; {@link StrangerAdmission} gives it. May be used by several threads
 * at once.
 */
public final class Stranger implements AutoCloseable, PrefixGroup.Member {
    private final StrangerAdmission admission;
    private final long prefix;
    private final Runnable close;
    private final long acceptedNs;
    private final long number;
    private volatile boolean displaced;

    Stranger(StrangerAdmission admission, long prefix, Runnable close, long acceptedNs, long number) {
        this.admission = admission;
        this.prefix = prefix;
        this.close = close;
        this.acceptedNs = acceptedNs;
        this.number = number;
    }

    /** The network that the connection came from: {@link SourcePrefix}. */
    @Override
    public long prefix() {
        return prefix;
    }

    /**
     * Time left for the handshake under the present pressure.
     *
     * @param nowNs time now, on the clock of {@link StrangerAdmission#admit}.
     * @return nanoseconds; 0 or less if the time is up.
     */
    public long remainingNs(long nowNs) {
        return admission.patienceNs() - (nowNs - acceptedNs);
    }

    /** Whether the place went to a newcomer: the connection was closed, or is about to be. */
    public boolean isDisplaced() {
        return displaced;
    }

    /** Gives the place back, if it was not given back or lost before. */
    @Override
    public void close() {
        leave();
    }

    /**
     * Gives the place back, as {@link #close()}, and says whether the connection still had it: a connection that becomes a
     * session asks, because the connection of a displaced stranger is closed by another thread.
     *
     * @return false if the place was lost to a newcomer, or given back before.
     */
    public boolean leave() {
        return admission.leave(this);
    }

    /** Place in the order of arrivals. */
    @Override
    public long number() {
        return number;
    }

    void markDisplaced() {
        displaced = true;
    }

    void runClose() {
        close.run();
    }
}
