package io.millrace.cli.bench.flood;

import io.millrace.crypto.X25519KeyPair;
import io.millrace.endpoint.HtxConnection;
import io.millrace.endpoint.HtxEndpoint;
import io.millrace.endpoint.HtxStream;
import io.millrace.htx.SessionConfig;
import io.millrace.htx.admission.TicketKey;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Honest clients that come one after the other, more slowly than one network may. Each has its session when the server's
 * application has answered it; a client that is refused tries again until its patience is over.
 */
final class Newcomers implements Runnable, AutoCloseable {
    /** Time in which a newcomer is to have its session. */
    static final Duration WANTED = Duration.ofSeconds(2);

    /** Time from one to the next, as a multiple of that in which their network may begin a handshake. */
    private static final double SPACING = 1.4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST = 10_000;

    private final HtxEndpoint endpoint = HtxEndpoint.start(SessionConfig.HTX1);
    private final InetSocketAddress server;
    private final X25519KeyPair serverKeys;
    private final X25519KeyPair own;
    private final TicketKey ticketKey;
    private final long intervalNs;
    private final long[] tookNs = new long[MOST];
    private int count;
    private int retries;
    private volatile boolean stopped;

    /**
     * Makes clients of a server.
     *
     * @param perSecond handshakes a second that the server lets one network begin, from 1.
     */
    Newcomers(
            InetSocketAddress server, X25519KeyPair serverKeys, X25519KeyPair own, TicketKey ticketKey, int perSecond) {
        this.server = server;
        this.serverKeys = serverKeys;
        this.own = own;
        this.ticketKey = ticketKey;
        this.intervalNs = (long) (SPACING * 1e9 / perSecond);
    }

    /** Starts a thread that sends newcomers until {@link #stop}. */
    Thread begin() {
        stopped = false;
        return Thread.ofVirtual().start(this);
    }

    /** Sends newcomers until {@link #stop}. */
    @Override
    public void run() {
        long dueNs = System.nanoTime();
        while (!stopped && count < MOST) {
            LockSupport.parkNanos(dueNs - System.nanoTime());
            dueNs = Math.max(dueNs + intervalNs, System.nanoTime());
            final long startNs = System.nanoTime();
            enter(startNs);
            tookNs[count++] = System.nanoTime() - startNs;
        }
    }

    void stop() {
        stopped = true;
    }

    private void enter(long startNs) {
        while (System.nanoTime() - startNs < PATIENCE.toNanos()) {
            try (HtxConnection connection = endpoint.connect(server, own, serverKeys.publicKey(), ticketKey, WANTED);
                    HtxStream stream = connection.open()) {
                stream.output().write(FloodServer.TAKE);
                stream.finish();
                if (new DataInputStream(stream.input()).readLong() == 0) {
                    return;
                }
            } catch (IOException e) {
                retries++; // refused: comes again
            }
        }
    }

    /** Newcomers so far; after {@link #run}. */
    int count() {
        return count;
    }

    /** Refusals after which a newcomer came again. */
    int retries() {
        return retries;
    }

    /** Newcomers that had their session within {@link #WANTED}. */
    int inTime() {
        return (int) Arrays.stream(tookNs, 0, count)
                .filter(ns -> ns <= WANTED.toNanos())
                .count();
    }

    /** Newcomers that had no session when their patience ended. */
    int never() {
        return (int) Arrays.stream(tookNs, 0, count)
                .filter(ns -> ns >= PATIENCE.toNanos())
                .count();
    }

    /** 99th percentile of their times in microseconds; 0 without newcomers. */
    long p99Us() {
        if (count == 0) {
            return 0;
        }
        final long[] sorted = Arrays.copyOf(tookNs, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(count * 0.99) - 1)] / 1_000;
    }

    @Override
    public void close() {
        stop();
        endpoint.close();
    }
}
