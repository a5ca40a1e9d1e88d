package io.millrace.htx.session;

/**
 * Listener to the events of a session, on the thread that drives it and in the middle of its work: it may call the session's
 * and the streams' methods, {@link Session#received} and {@link Session#fill} apart.
 */
public interface SessionListener {
    /**
     * The peer opened {@code stream}.
     *
     * @param stream new, of the peer.
     */
    default void onOpened(SessionStream stream) {}

    /**
     * There is more to read from {@code stream}: bytes, or its end.
     *
     * @param stream with bytes or an end to read.
     */
    default void onReadable(SessionStream stream) {}

    /**
     * There is more room to write to {@code stream}.
     *
     * @param stream with room to write.
     */
    default void onWritable(SessionStream stream) {}

    /**
     * The session is over; no method of a stream does anything any more but to read received data.
     *
     * @param end reason of the end.
     */
    default void onEnd(SessionEnd end) {}
}
