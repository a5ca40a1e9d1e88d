package io.millrace.cli.bench;

import io.millrace.crypto.X25519KeyPair;
import io.millrace.endpoint.HtxConnection;
import io.millrace.endpoint.HtxEndpoint;
import io.millrace.endpoint.HtxStream;
import io.millrace.htx.SessionConfig;
import io.millrace.htx.admission.TicketKey;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Sessions that send as fast as they can until they are told to stop, and short ones in between. */
final class HonestClients implements AutoCloseable {
    private static final int BLOCK = 64 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InetSocketAddress server;
    private final X25519KeyPair serverKeys;
    private final X25519KeyPair own;
    private final TicketKey ticketKey;
    private final HtxEndpoint endpoint = HtxEndpoint.start(SessionConfig.HTX1);
    private final List<FutureTask<Boolean>> transfers = new ArrayList<>();
    private volatile boolean stopped;

    HonestClients(InetSocketAddress server, X25519KeyPair serverKeys, X25519KeyPair own, TicketKey ticketKey)
            throws IOException {
        this.server = server;
        this.serverKeys = serverKeys;
        this.own = own;
        this.ticketKey = ticketKey;
    }

    /** Begins {@code count} sessions, each with one transfer. */
    void start(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            final HtxConnection connection = connect();
            final FutureTask<Boolean> transfer = new FutureTask<>(() -> transfer(connection, Long.MAX_VALUE));
            transfers.add(transfer);
            Thread.ofVirtual().start(transfer);
        }
    }

    /**
     * One more session with one short transfer. Who is turned away, because too many others are at the door, comes again.
     *
     * @return how often it was turned away; the server has all bytes.
     */
    int newcomer() throws IOException {
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int refused = 0; ; refused++) {
            final HtxConnection connection;
            try {
                connection = connect();
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                continue;
            }
            if (!transfer(connection, 2L * BLOCK)) {
                throw new IOException("bytes of a newcomer are missing");
            }
            return refused;
        }
    }

    /** Ends all transfers; whether the server has every byte of each. */
    boolean finish() throws InterruptedException, IOException {
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

    private boolean transfer(HtxConnection connection, long limit) throws IOException {
        final ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long sent = 0;
        try (connection;
                HtxStream stream = connection.open()) {
            stream.output().write(FloodServer.TAKE);
            while (sent < limit && !stopped) {
                stream.write(block.clear());
                sent += BLOCK;
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
