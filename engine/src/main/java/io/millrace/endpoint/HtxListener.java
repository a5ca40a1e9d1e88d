package io.millrace.endpoint;

import io.millrace.htx.HandshakeResponder;
import io.millrace.htx.InitiatorHandshake;
import io.millrace.htx.admission.HandshakeCounters;
import io.millrace.htx.admission.SourcePrefix;
import io.millrace.noise.NoiseTransport;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;

/** An address at which an endpoint answers handshakes. Its figures may be read by any thread. */
public final class HtxListener implements Attachment {
    /** So that no crowd at the door keeps those inside waiting. */
    private static final int ACCEPTS_PER_TURN = 8;

    private final HtxEndpoint endpoint;
    private final HtxServer server;
    private final InetSocketAddress address;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment answer = arena.allocate(InitiatorHandshake.SECOND_LENGTH);
    private final HandshakeResponder responder;
    private volatile int open;
    private volatile long turnedAway;

    HtxListener(HtxEndpoint endpoint, ServerSocketChannel channel, HtxServer server) throws IOException {
        this.endpoint = endpoint;
        this.server = server;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.responder = new HandshakeResponder(
                server.own(),
                server.ticketKeys(),
                server.welcome(),
                MemorySegment.NULL,
                server.admission(),
                InstantSource.system(),
                endpoint.loop().clock().nanoTime(),
                endpoint.randomness());
    }

    /** The address that it listens on. */
    public InetSocketAddress address() {
        return address;
    }

    /** How the handshakes went. */
    public HandshakeCounters counters() {
        return responder.counters();
    }

    /** Handshakes that wait for their third message now. */
    public int pending() {
        return responder.pending();
    }

    /** Connections that were closed as they came, because too many were open. */
    public long turnedAway() {
        return turnedAway;
    }

    /** Connections that are open now, those in a handshake included. */
    public int open() {
        return open;
    }

    @Override
    public boolean isStranger() {
        return true;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public void ready(SelectionKey key, long nowNs) throws IOException {
        final ServerSocketChannel channel = (ServerSocketChannel) key.channel();
        for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
            final SocketChannel client = accept(key, channel);
            if (client == null) {
                return;
            }
            if (open >= server.maxConnections()) {
                turnedAway++;
                client.close();
                continue;
            }
            open++;
            client.configureBlocking(false);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            final long prefix = SourcePrefix.of(((InetSocketAddress) client.getRemoteAddress()).getAddress());
            client.register(key.selector(), SelectionKey.OP_READ, new Responder(this, responder, prefix, nowNs));
        }
    }

    /** Where the process can have no further socket, listening goes on at the next tick. */
    private static SocketChannel accept(SelectionKey key, ServerSocketChannel channel) throws IOException {
        try {
            return channel.accept();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            key.interestOps(0);
            return null;
        }
    }

    @Override
    public void tick(SelectionKey key, long nowNs) {
        key.interestOps(SelectionKey.OP_ACCEPT);
    }

    @Override
    public void failed(IOException why) {
        responder.close();
        arena.close();
    }

    MemorySegment answer() {
        return answer;
    }

    long handshakeTimeoutNs() {
        return server.admission().timeoutNs();
    }

    void established(SelectionKey key, NoiseTransport transport, long nowNs) throws IOException {
        final HtxConnection connection = new HtxConnection(endpoint, key, transport, false);
        connection.onGone(this::gone);
        connection.begin(nowNs);
        Thread.ofVirtual()
                .name("htx-connection")
                .start(() -> server.onConnection().accept(connection));
    }

    /** One connection less; selector thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void gone() {
        open--;
    }
}
