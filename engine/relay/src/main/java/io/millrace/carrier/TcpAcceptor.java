package io.millrace.carrier;

import io.millrace.metrics.NanoClock;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Takes connections from a listening socket that a selector watches. A failure, such as too many open files, stops accepting for
 * 10 ms, and each one after it for twice as long as the one before, up to 1 s: the connection still waits, so the selector
 * would name the socket again at once.
 *
 * <p>Not thread safe: belongs to the I/O thread.
 */
final class TcpAcceptor {
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    /** Gives the next connection. */
    @FunctionalInterface
    interface Source {
        /** The next connection; null if none waits. */
        SocketChannel accept() throws IOException;
    }

    Source source; // a test puts another before it
    private final SelectionKey key;
    private final NanoClock clock;
    private boolean pausing;
    private long pauseNs; // the last one; 0 after a connection
    private long untilNs;

    /**
     * Begins to accept.
     *
     * @param key of the listening socket, whose interest is accepting.
     * @param clock for the pauses.
     */
    TcpAcceptor(Source source, SelectionKey key, NanoClock clock) {
        this.source = source;
        this.key = key;
        this.clock = clock;
    }

    /** Has the selector watch the socket again if a pause is over. */
    void poll() {
        if (pausing && clock.nanoTime() - untilNs >= 0 && key.isValid()) {
            pausing = false;
            key.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    /**
     * The next connection; null if none waits.
     *
     * @throws IOException if the system gives none; the pause begins.
     */
    SocketChannel next() throws IOException {
        boolean failed = true;
        try {
            final SocketChannel channel = source.accept();
            failed = false;
            if (channel != null) {
                pauseNs = 0;
            }
            return channel;
        } finally {
            if (failed && key.isValid()) {
                pauseNs = Math.clamp(2 * pauseNs, FIRST_PAUSE_NS, LONGEST_PAUSE_NS);
                untilNs = clock.nanoTime() + pauseNs;
                pausing = true;
                key.interestOps(0);
            }
        }
    }
}
