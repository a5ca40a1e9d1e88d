package io.millrace.htx.endpoint;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.session.SessionConfig;
import io.millrace.metrics.NanoClock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Listens for and begins HTX sessions over TCP. Each connection has virtual threads that block on its socket; one thread
 * of the endpoint watches the time. Whatever a predicate, a handler or one connection throws ends that connection only, and
 * is counted and reported.
 *
 * <p>May be used by several threads at once. Closing it ends all its connections at once: close them before.
 */
public final class HtxEndpoint implements AutoCloseable {
    private static final int BACKLOG = 1_024;

    private final SessionConfig config;
    private final Randomness randomness = new SecureRandomness();
    private final BatchCrypto crypto = CryptoProviders.byName("auto");
    private final Set<HtxConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<HtxListener> listeners = ConcurrentHashMap.newKeySet();
    private final Set<SocketDeadline> connecting = ConcurrentHashMap.newKeySet();
    private final Failures failures;
    private final Deadlines deadlines;
    private volatile boolean closed;

    HtxEndpoint(SessionConfig config, Consumer<? super Throwable> onFailure, NanoClock clock) {
        this.config = Objects.requireNonNull(config, "config");
        this.failures = new Failures(Objects.requireNonNull(onFailure, "onFailure"));
        this.deadlines = new Deadlines(clock, failures);
    }

    /**
     * Starts an endpoint, whose threads are daemons. Failures go to the JDK's default handler of uncaught
     * exceptions.
     *
     * @param config of all its sessions.
     */
    public static HtxEndpoint start(SessionConfig config) {
        return start(config, Failures::toThreadHandler);
    }

    /**
     * Starts an endpoint, whose threads are daemons.
     *
     * @param config of all its sessions.
     * @param onFailure gets whatever predicates, handlers or single connections throw, on a virtual thread; several at once
     *     perhaps. Beyond 64 that it has not returned from, failures are counted only.
     */
    public static HtxEndpoint start(SessionConfig config, Consumer<? super Throwable> onFailure) {
        return new HtxEndpoint(config, onFailure, NanoClock.SYSTEM);
    }

    /**
     * Answers handshakes from now on.
     *
     * @param address port 0 takes any free one.
     * @param server keys, bounds and handler; the keys stay open until the listener is closed.
     * @return the listener; closed by {@link HtxListener#close}, or with the endpoint.
     * @throws IOException if the address cannot be had, or the endpoint is closed.
     */
    public HtxListener listen(InetSocketAddress address, HtxServer server) throws IOException {
        return listen(address, server, InstantSource.system());
    }

    /**
     * As {@link #listen(InetSocketAddress, HtxServer)}, with another wall clock.
     *
     * @param address to listen at; port 0 lets the system choose.
     * @param server keys, bounds and handler.
     * @param clock for the hour of tickets; it may jump. Asked by any thread.
     */
    public HtxListener listen(InetSocketAddress address, HtxServer server, InstantSource clock) throws IOException {
        requireResolved(address);
        final ServerSocketChannel channel = ServerSocketChannel.open();
        HtxListener listener = null;
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
            listener = new HtxListener(this, channel, server, clock);
        } finally {
            if (listener == null) {
                channel.close();
            }
        }
        boolean started = false;
        try {
            listener.start();
            listeners.add(listener);
            if (closed) {
                throw new IOException("the endpoint is closed");
            }
            started = true;
            return listener;
        } finally {
            if (!started) {
                listener.close();
            }
        }
    }

    /**
     * Begins a session and waits until the handshake is done. When this returns, or throws, no thread uses the keys any
     * more.
     *
     * @param address of the other end.
     * @param own static keys; stay the caller's and open until this returns.
     * @param responder the other end's static public key, 32 bytes, native.
     * @param ticketKey one that the other end takes; as {@code own}.
     * @param timeout for connecting and the handshake together.
     * @return the session's connection, which the caller closes.
     * @throws java.net.UnknownHostException if the address has no number.
     * @throws java.net.ConnectException if the other end refuses the connection.
     * @throws java.net.SocketTimeoutException if there is no session in time.
     * @throws java.net.ProtocolException if the answer is not from the owner of the key, or that key is of low order.
     * @throws java.io.InterruptedIOException if the thread was interrupted.
     * @throws IOException if the other end closes the connection in the handshake, or there is no way to it.
     */
    public HtxConnection connect(
            InetSocketAddress address,
            X25519KeyPair own,
            MemorySegment responder,
            TicketKey ticketKey,
            Duration timeout)
            throws IOException {
        requireResolved(address);
        return new OutboundConnection(this, address, timeout).connect(own, responder, ticketKey);
    }

    private static void requireResolved(InetSocketAddress address) throws UnknownHostException {
        if (address.isUnresolved()) {
            throw new UnknownHostException("unknown host: " + address.getHostString());
        }
    }

    /** Failures so far: what predicates, handlers and single connections threw. */
    public long failureCount() {
        return failures.count();
    }

    /** Ends all connections and stops; handlers that still run find their connections closed. */
    @Override
    public void close() {
        closed = true;
        connecting.forEach(SocketDeadline::cancel);
        listeners.forEach(HtxListener::close);
        connections.forEach(HtxConnection::kill);
        deadlines.close();
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes a connection in. */
    void enter(HtxConnection connection) throws IOException {
        connections.add(connection);
        if (closed) {
            connections.remove(connection);
            throw new IOException("the endpoint is closed");
        }
    }

    void forget(HtxConnection connection) {
        connections.remove(connection);
    }

    void forget(HtxListener listener) {
        listeners.remove(listener);
    }

    SessionConfig config() {
        return config;
    }

    Randomness randomness() {
        return randomness;
    }

    BatchCrypto crypto() {
        return crypto;
    }

    Failures failures() {
        return failures;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Set<SocketDeadline> connecting() {
        return connecting;
    }
}
