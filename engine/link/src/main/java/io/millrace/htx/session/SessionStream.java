package io.millrace.htx.session;

import java.lang.foreign.MemorySegment;

/**
 * One stream of a session: bytes in order in both directions, each of which ends by itself.
 *
 * <p>Threading: as its session's; never by itself.
 */
public final class SessionStream {
    /** Result of {@link #read}: the peer has sent its last byte and it was read before. */
    public static final int END = -1;

    /** Result of {@link #read} and {@link #write}: the stream was given up by one of the ends, or the session is over. */
    public static final int GONE = -2;

    private final Streams streams;
    final long id;
    final ByteQueue sendQueue;
    final ByteQueue receiveQueue;
    final WindowTuner tuner;

    long sendCredit;
    int receiveCredit;

    /** Bytes that may still be sent before it is another stream's turn. */
    int turn;

    boolean announced;
    boolean ready;
    boolean controlled;
    boolean finishWanted;
    boolean resetWanted;
    long resetCode;
    boolean sentEnd;
    boolean receivedEnd;
    boolean reset;
    boolean discarding;
    boolean writeBlocked;
    boolean reserved;

    /** Whether the application has the stream and has not {@linkplain #release released} it. */
    boolean held;

    /** Whether the peer's reset is to be answered once the application releases the stream, with {@link #resetCode}. */
    boolean answerOwed;

    SessionStream(Streams streams, long id, BlockPool pool, int window, long nowNs) {
        this.streams = streams;
        this.id = id;
        this.sendQueue = new ByteQueue(pool);
        this.receiveQueue = new ByteQueue(pool);
        this.tuner = new WindowTuner(window, nowNs);
        this.sendCredit = window;
        this.receiveCredit = window;
    }

    /** The stream's number: odd if the initiator opened it. */
    public long id() {
        return id;
    }

    /**
     * Queues up to {@code length} bytes for sending.
     *
     * @param source copied from.
     * @param offset of the first byte.
     * @param length in bytes, 0 or more.
     * @return how many were taken, 0 if there is no room now ({@link SessionListener#onWritable} says when there is), or
     *     {@link #GONE}.
     * @throws IllegalStateException after {@link #finish}.
     */
    public int write(MemorySegment source, long offset, int length) {
        if (finishWanted) {
            throw new IllegalStateException("the stream's last byte was written before: id=" + id);
        }
        return streams.write(this, source, offset, length);
    }

    /** Says that no more will be written. Queued data is still sent. A second call does nothing. */
    public void finish() {
        streams.finish(this);
    }

    /**
     * Gives the stream up in both directions; queued data is dropped. The peer's reads and writes are told.
     *
     * @param code told to the peer, 0 to {@link io.millrace.frame.QuicVarint#MAX}.
     */
    public void reset(long code) {
        streams.reset(this, code);
    }

    /** Reads no more: data from now on is dropped on arrival. Writing goes on. */
    public void discardInput() {
        streams.discard(this);
    }

    /**
     * Says that the application needs the stream no more; a stream of either end counts until then. Input that is not
     * read is dropped; bytes that were written, and an end, are still sent. Without an end, the peer waits for one:
     * {@link #finish} or {@link #reset} comes before. A second call does nothing.
     */
    public void release() {
        streams.release(this);
    }

    /** Whether one of the ends has given the stream up. */
    public boolean isReset() {
        return reset;
    }

    /**
     * Moves up to {@code length} received bytes to {@code target}.
     *
     * @param target copied to.
     * @param offset of the first byte.
     * @param length most bytes, 0 or more.
     * @return how many, 0 if none are there now, {@link #END} or {@link #GONE}.
     */
    public int read(MemorySegment target, long offset, int length) {
        return streams.read(this, target, offset, length);
    }

    /** Bytes that can be read now. */
    public int readable() {
        return receiveQueue.size();
    }

    /** Bytes that were written and not sent yet. */
    public int unsent() {
        return sendQueue.size();
    }

    /** The window that the peer is granted, in bytes. */
    public int window() {
        return tuner.window();
    }

    /** Whether both ends have ended the stream, or the session is over. */
    public boolean over() {
        return streams.isOver(this);
    }
}
