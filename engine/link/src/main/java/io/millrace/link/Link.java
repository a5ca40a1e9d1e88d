package io.millrace.link;

/**
 * One link in use: the session under which it sends, and those under which it receives. Until a handshake has finished
 * there is none, and nothing can be sent.
 *
 * <p>Threading: {@link LinkSealer} and {@link #accept} belong to one thread each; sessions are published to them by the
 * thread that looks after the link, and read by any.
 */
public final class Link implements AutoCloseable {
    private final LinkKeys keys;
    private volatile LinkSession sending;
    private volatile LinkSession unconfirmed;
    private volatile LinkSession receiving;
    private volatile LinkSession previous;

    /** A link whose sessions come from handshakes; it is down at first. */
    public Link() {
        this.keys = null;
    }

    /**
     * Opens a link over {@code keys}, which it closes with itself; it is up.
     *
     * @param keys of both directions; belong to the link.
     */
    public Link(LinkKeys keys) {
        this(keys, keys.firstCounter());
    }

    /** For tests of the last counters. */
    Link(LinkKeys keys, long nextCounter) {
        this.keys = keys;
        this.receiving = new LinkSession(keys, nextCounter);
        this.sending = receiving;
    }

    /** Whether there is a session to send under. */
    public boolean isUp() {
        return sending() != null;
    }

    /** Whether sessions come from handshakes. */
    public boolean isHandshaked() {
        return keys == null;
    }

    /**
     * Whether the link has counters left for {@code count} more frames; without, it needs new keys.
     *
     * @param count of frames, 0 or more.
     */
    public boolean canSend(int count) {
        final LinkSession session = sending();
        return session != null && session.canSend(count);
    }

    /**
     * Whether a frame's counter is new; remembers nothing. A cheap check before the tag is verified.
     *
     * @param counter of a frame, unsigned.
     */
    public boolean isNew(long counter) {
        final LinkSession session = receiving(counter);
        return session != null && session.isNew(counter);
    }

    /**
     * Accepts the counter of an authentic frame, once.
     *
     * @param counter of an authentic frame, unsigned.
     */
    public boolean accept(long counter) {
        final LinkSession session = receiving(counter);
        return session != null && session.accept(counter);
    }

    /** Ends a pre-shared link: nothing is sealed or opened under it any more. Its keys stay until it is closed. */
    public void shut() {
        send(null);
        receive(null, null);
    }

    /** Takes the link down and wipes the keys of a pre-shared link; nothing is sealed or opened under it any more. */
    @Override
    public void close() {
        shut();
        if (keys != null) {
            keys.close();
        }
    }

    /**
     * The session to send under; null while the link is down. A peer's frame under a session of this end's own handshake
     * proves that the peer has it: so the answer to a link's first packet can leave before the thread that looks after the
     * link has read the peer's last message.
     */
    LinkSession sending() {
        final LinkSession session = sending;
        if (session != null) {
            return session;
        }
        final LinkSession waiting = unconfirmed;
        // Asked once more: the thread that looks after the link may have come in between.
        return waiting != null && waiting.accepted() > 0 ? waiting : sending;
    }

    /** The session that a frame with {@code counter} may belong to; null if there is none. */
    LinkSession receiving(long counter) {
        final LinkSession now = receiving;
        if (now != null && now.owns(counter)) {
            return now;
        }
        final LinkSession before = previous;
        return before != null && before.owns(counter) ? before : null;
    }

    LinkSession receiving() {
        return receiving;
    }

    LinkSession previous() {
        return previous;
    }

    /** Sends under {@code session} from now on; null takes the link down. */
    void send(LinkSession session) {
        // In this order, for those who ask: they look at this field, at the other, and at this one again.
        sending = session;
        unconfirmed = null;
    }

    /** While the link is down, sends under {@code session} as soon as a frame came under it; null for none. */
    void sendOnceConfirmed(LinkSession session) {
        unconfirmed = session;
    }

    LinkSession unconfirmed() {
        return unconfirmed;
    }

    /** Receives under these two from now on, newest first; each may be null. */
    void receive(LinkSession newest, LinkSession before) {
        // In this order, so that a session that moves back is found at every moment.
        previous = before;
        receiving = newest;
    }
}
