package io.millrace.rig.flood;

import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxEndpoint;
import io.millrace.htx.endpoint.HtxListener;
import io.millrace.htx.endpoint.HtxServer;
import io.millrace.htx.endpoint.HtxStream;
import io.millrace.htx.session.SessionConfig;
import io.millrace.htx.session.Violation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The server under attack: takes what honest clients send, and sends slow readers more than they read. Its figures are
 * for any thread.
 */
public final class FloodServer implements AutoCloseable {
    /** First byte of a stream: the server reads to the end and answers with the number of bytes, 8 bytes. */
    public static final byte TAKE = 1;

    /** First byte of a stream: the server writes as long as it can. */
    public static final byte GIVE = 2;

    private static final int BLOCK = 64 << 10;

    private final HtxEndpoint endpoint;
    private final HtxListener listener;
    private final Set<HtxConnection> connections = ConcurrentHashMap.newKeySet();
    private final Map<Violation, LongAdder> violations = new ConcurrentHashMap<>();
    private final LongAdder taken = new LongAdder();

    FloodServer(X25519KeyPair own, TicketKey ticketKey, AdmissionConfig admission, int maxConnections)
            throws IOException {
        this(
                InetAddress.getLoopbackAddress(),
                new HtxServer(own, List.of(ticketKey), key -> true, admission, maxConnections, connection -> {}),
                InstantSource.system());
    }

    /**
     * Listens.
     *
     * @param address of this machine.
     * @param bounds keys and bounds; its handler is not called.
     * @param clock the server's wall clock.
     */
    public FloodServer(InetAddress address, HtxServer bounds, InstantSource clock) throws IOException {
        endpoint = HtxEndpoint.start(SessionConfig.HTX1);
        listener = endpoint.listen(
                new InetSocketAddress(address, 0),
                new HtxServer(
                        bounds.own(),
                        bounds.ticketKeys(),
                        bounds.welcome(),
                        bounds.admission(),
                        bounds.maxConnections(),
                        this::serve),
                clock);
    }

    public HtxListener listener() {
        return listener;
    }

    /** Bytes that honest clients have sent and this application has read. */
    public long taken() {
        return taken.sum();
    }

    /** Native bytes that the queues of all sessions hold. */
    long bufferedBytes() {
        long sum = 0;
        for (HtxConnection each : connections) {
            sum += each.figures().memoryBytes();
        }
        return sum;
    }

    /** Sessions that are open now. */
    public int sessions() {
        return connections.size();
    }

    /** Rules that other ends broke, by name: each ended a session. */
    public Map<String, Long> violations() {
        final Map<String, Long> counts = new TreeMap<>();
        violations.forEach((rule, count) -> counts.put(HtxFlood.name(rule), count.sum()));
        return counts;
    }

    private void serve(HtxConnection connection) {
        connections.add(connection);
        try (connection) {
            for (HtxStream stream = connection.accept(); stream != null; stream = connection.accept()) {
                final HtxStream each = stream;
                Thread.ofVirtual().start(() -> serve(each));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            final Violation broken = connection.violation();
            if (broken != null) {
                violations.computeIfAbsent(broken, rule -> new LongAdder()).increment();
            }
            connections.remove(connection);
        }
    }

    private void serve(HtxStream stream) {
        final ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (stream) {
            final int wish = stream.input().read();
            if (wish == TAKE) {
                take(stream, block);
            } else if (wish == GIVE) {
                while (true) {
                    stream.write(block.clear());
                }
            }
        } catch (IOException e) {
            // The other end left. Whether an honest one did is for that one to notice.
            stream.reset();
        }
    }

    private void take(HtxStream stream, ByteBuffer block) throws IOException {
        long bytes = 0;
        for (int count = stream.read(block.clear()); count >= 0; count = stream.read(block.clear())) {
            bytes += count;
            taken.add(count);
        }
        stream.write(block.clear().putLong(bytes).flip());
        stream.finish();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
