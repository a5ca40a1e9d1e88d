package io.millrace.htx.endpoint;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Streams that the other end opened and the application has not accepted. Once the connection is over and the server's
 * handler has returned, they wait {@link #PATIENCE} for a thread that accepts them; then they are dropped, so that an other
 * end that opens streams and leaves holds no place of the listener.
 *
 * <p>Under the connection's lock, but for {@link #dueNs}.
 */
final class AcceptQueue implements Deadlines.Timed {
    /** Time to accept streams after the end of a connection that no handler has any more. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final HtxConnection connection;
    private final ArrayDeque<HtxStream> waiting = new ArrayDeque<>();
    private volatile long dueNs;
    private boolean expiring;

    AcceptQueue(HtxConnection connection) {
        this.connection = connection;
    }

    void add(HtxStream stream) {
        waiting.add(stream);
    }

    /** The next stream; null if there is none. */
    HtxStream poll() {
        return waiting.poll();
    }

    /** Takes a stream out; false if it does not wait. */
    boolean remove(HtxStream stream) {
        return waiting.remove(stream);
    }

    int size() {
        return waiting.size();
    }

    /** No stream comes any more: drops those that wait, in a while. */
    void expire(Deadlines deadlines) {
        if (!expiring && !waiting.isEmpty()) {
            dueNs = deadlines.nanoTime() + PATIENCE.toNanos();
            deadlines.add(this);
            expiring = true; // last: what failed is tried again
        }
    }

    @Override
    public long dueNs() {
        return dueNs;
    }

    @Override
    public void onDue(long nowNs) {
        connection.lock().lock();
        try {
            dueNs = nowNs + PATIENCE.toNanos();
            for (HtxStream each = waiting.poll(); each != null; each = waiting.poll()) {
                each.close(); // the last one frees the connection
            }
        } finally {
            connection.lock().unlock();
        }
    }
}
