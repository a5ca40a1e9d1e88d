package io.millrace.endpoint;

import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.InitiatorHandshake;
import io.millrace.htx.SessionConfig;
import io.millrace.htx.admission.TicketKey;
import io.millrace.metrics.NanoClock;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Listens for and begins HTX sessions over TCP, all on one selector thread.
 *
 * <p>May be used by several threads at once. Closing it ends all its connections without more ado: close them before.
 */
public final class HtxEndpoint implements AutoCloseable {
    private static final int BACKLOG = 1_024;

    private final SessionConfig config;
    private final Randomness randomness = new SecureRandomness();
    private final BatchCrypto crypto = CryptoProviders.byName("sodium");
    private final Set<HtxConnection> connections = ConcurrentHashMap.newKeySet();
    private final SelectorLoop loop;

    private HtxEndpoint(SessionConfig config) throws IOException {
        this.config = config;
        this.loop = new SelectorLoop(NanoClock.SYSTEM);
    }

    /** Starts an endpoint, whose thread is a daemon. */
    public static HtxEndpoint start(SessionConfig config) throws IOException {
        return new HtxEndpoint(config);
    }

    /**
     * Answers handshakes from now on.
     *
     * @param address port 0 takes any free one.
     * @return the address that it listens on.
     * @throws IOException if the address cannot be had.
     */
    public HtxListener listen(InetSocketAddress address, HtxServer server) throws IOException {
        final ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        final HtxListener listener = new HtxListener(this, channel, server);
        loop.register(channel, SelectionKey.OP_ACCEPT, listener);
        return listener;
    }

    /**
     * Begins a session and waits until the handshake is done.
     *
     * @param own static keys; stay the caller's and open until this returns.
     * @param responder the other end's static public key, 32 bytes, native.
     * @param ticketKey one that the other end takes; as {@code own}.
     * @throws IOException if there is no connection, or no answer that the owner of the key could have given, in time.
     */
    public HtxConnection connect(
            InetSocketAddress address,
            X25519KeyPair own,
            MemorySegment responder,
            TicketKey ticketKey,
            Duration timeout)
            throws IOException {
        final CompletableFuture<HtxConnection> result = new CompletableFuture<>();
        final SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        try {
            final InitiatorHandshake handshake =
                    new InitiatorHandshake(own, responder, ticketKey, MemorySegment.NULL, Instant.now(), randomness);
            channel.connect(address);
            loop.register(channel, SelectionKey.OP_CONNECT, new Initiator(this, handshake, result));
            return result.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            channel.close();
            throw new IOException("no answer from " + address + " within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Ends all connections and stops. */
    @Override
    public void close() {
        loop.close();
        for (HtxConnection each : connections.toArray(HtxConnection[]::new)) {
            each.close();
        }
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

    SelectorLoop loop() {
        return loop;
    }

    Set<HtxConnection> connections() {
        return connections;
    }
}
