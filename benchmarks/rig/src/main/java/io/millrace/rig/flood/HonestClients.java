package io.millrace.rig.flood;

import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxEndpoint;
import io.millrace.htx.endpoint.HtxStream;
import io.millrace.htx.session.SessionConfig;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Sessions that send until they are told to stop, as fast as they can or on a schedule, and short ones in
 * between.
 */
public final class HonestClients implements AutoCloseable {
    private static final int BLOCK = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InetSocketAddress server;
    private final X25519KeyPair serverKeys;
    private final X25519KeyPair own;
    private final TicketKey ticketKey;
    private final HtxEndpoint endpoint = HtxEndpoint.start(SessionConfig.HTX1);
    private final List<FutureTask<Boolean>> transfers = new ArrayList<>();
    private final Recorder lags = new Recorder(3);

    /** Number of the present schedule. */
    private final AtomicInteger schedule = new AtomicInteger();

    private volatile boolean stopped;

    /**
     * Clients of one server.
     *
     * @param server address of the server.
     * @param serverKeys static keys of the server; stay the caller's.
     * @param own static keys of all clients; stay the caller's.
     * @param ticketKey makes tickets for the server; stays the caller's.
     */
    public HonestClients(InetSocketAddress server, X25519KeyPair serverKeys, X25519KeyPair own, TicketKey ticketKey)
            throws IOException {
        this.server = server;
        this.serverKeys = serverKeys;
        this.own = own;
        this.ticketKey = ticketKey;
    }

    /**
     * Begins {@code count} sessions, each with one transfer.
     *
     * @param count sessions, 1 or more.
     * @param bytesPerSecond of all together: a block that is due does not wait, and is late if the one before is not
     *     taken yet. 0 for as fast as they can.
     */
    public void start(int count, double bytesPerSecond) throws IOException {
        final long intervalNs = bytesPerSecond == 0 ? 0 : (long) (1e9 * BLOCK * count / bytesPerSecond);
        for (int i = 0; i < count; i++) {
            final HtxConnection connection = connect();
            final FutureTask<Boolean> transfer =
                    new FutureTask<>(() -> transfer(connection, Long.MAX_VALUE, intervalNs));
            transfers.add(transfer);
            Thread.ofVirtual().start(transfer);
        }
    }

    /** Begins the schedule anew: blocks that are late are not made up for. */
    public void dropBacklog() {
        schedule.incrementAndGet();
    }

    /**
     * One more session with one short transfer. Who is turned away, because too many others are at the door, comes again.
     *
     * @return how often it was turned away; the server has all bytes.
     */
    int newcomer() throws IOException {
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int refused = 0; ; refused++) {
            final boolean complete;
            try {
                // The initiator says the last word of the handshake: it may learn of a refusal only in its session.
                complete = transfer(connect(), 2L * BLOCK, 0);
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                continue;
            }
            if (!complete) {
                throw new IOException("bytes of a newcomer are missing");
            }
            return refused;
        }
    }

    /** Ends all transfers; whether the server has every byte of each. */
    public boolean finish() throws InterruptedException, IOException {
        stopped = true;
        boolean complete = true;
        for (FutureTask<Boolean> each : transfers) {
            try {
                complete &= each.get();
            } catch (ExecutionException e) {
                throw new IOException("an honest session broke: " + e.getCause().getMessage(), e);
            }
        }
        return complete;
    }

    /** How late blocks were since the last call, in microseconds. */
    Map<String, Long> lagUs() {
        final Histogram histogram = lags.getIntervalHistogram();
        return histogram.getTotalCount() == 0
                ? Map.of()
                : new TreeMap<>(Map.of(
                        "p50", TimeUnit.NANOSECONDS.toMicros(histogram.getValueAtPercentile(50)),
                        "p99", TimeUnit.NANOSECONDS.toMicros(histogram.getValueAtPercentile(99)),
                        "max", TimeUnit.NANOSECONDS.toMicros(histogram.getMaxValue())));
    }

    private boolean transfer(HtxConnection connection, long limit, long intervalNs) throws IOException {
        final ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long sent = 0;
        long dueNs = System.nanoTime();
        int of = schedule.get();
        try (connection;
                HtxStream stream = connection.open()) {
            stream.output().write(FloodServer.TAKE);
            while (sent < limit && !stopped) {
                if (of != schedule.get()) {
                    of = schedule.get();
                    dueNs = Math.max(dueNs, System.nanoTime());
                }
                LockSupport.parkNanos(dueNs - System.nanoTime());
                stream.write(block.clear());
                sent += BLOCK;
                if (intervalNs > 0) {
                    lags.recordValue(Math.max(0, System.nanoTime() - dueNs));
                    dueNs += intervalNs;
                }
            }
            stream.finish();
            return new DataInputStream(stream.input()).readLong() == sent;
        }
    }

    private HtxConnection connect() throws IOException {
        return endpoint.connect(server, own, serverKeys.publicKey(), ticketKey, PATIENCE);
    }

    @Override
    public void close() {
        stopped = true;
        endpoint.close();
    }
}
