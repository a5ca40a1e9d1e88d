package io.millrace.htx.endpoint;

import java.io.IOException;
import java.nio.channels.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;

/**
 * The time in which a connection must have its session. Beyond it the channel is closed, and the thread that waits on it
 * wakes up with an exception. {@link #finish} and the end of the time exclude each other.
 */
final class SocketDeadline implements Deadlines.Timed, AutoCloseable {
    /** How often a time that depends on pressure is looked at. */
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private enum State {
        RUNNING,
        FINISHED,
        EXPIRED,
        CANCELLED
    }

    private final Deadlines deadlines;
    private final Channel channel;
    private final LongUnaryOperator remaining;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private volatile long dueNs;

    /** @param remaining time left in nanoseconds at a time, 0 or less if it is up; cheap, for the clock's thread. */
    SocketDeadline(Deadlines deadlines, Channel channel, LongUnaryOperator remaining) {
        this.deadlines = deadlines;
        this.channel = channel;
        this.remaining = remaining;
        final long nowNs = deadlines.nanoTime();
        this.dueNs = next(nowNs);
        deadlines.add(this);
    }

    private long next(long nowNs) {
        return nowNs + Math.clamp(remaining.applyAsLong(nowNs), 0, LOOK_NS);
    }

    @Override
    public long dueNs() {
        return dueNs;
    }

    @Override
    public void onDue(long nowNs) {
        if (remaining.applyAsLong(nowNs) > 0) {
            dueNs = next(nowNs);
        } else {
            end(State.EXPIRED);
        }
    }

    /** Closes the channel now, unless {@link #finish} came first. */
    void cancel() {
        end(State.CANCELLED);
    }

    /** The channel has its session; false if its time was over before. */
    boolean finish() {
        close();
        return state.compareAndSet(State.RUNNING, State.FINISHED);
    }

    boolean isExpired() {
        return state.get() == State.EXPIRED;
    }

    boolean isCancelled() {
        return state.get() == State.CANCELLED;
    }

    private void end(State why) {
        if (state.compareAndSet(State.RUNNING, why)) {
            close();
            closeQuietly(channel);
        }
    }

    /** Closes a channel; an error of the close is dropped, since its last bytes matter no more. */
    static void closeQuietly(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            assert !channel.isOpen() : e; // it is gone either way
        }
    }

    /** Stops the clock. */
    @Override
    public void close() {
        deadlines.remove(this);
    }
}
