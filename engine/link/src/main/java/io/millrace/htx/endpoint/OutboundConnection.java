package io.millrace.htx.endpoint;

import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.TicketKey;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.noise.NoiseTransport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;

/**
 * A connection on its way out: connect, first message, second, third, session. All of it happens on the thread of the
 * caller, whose keys no other thread touches. A {@link SocketDeadline} ends it in time.
 */
final class OutboundConnection {
    private final HtxEndpoint endpoint;
    private final InetSocketAddress address;
    private final Duration timeout;

    OutboundConnection(HtxEndpoint endpoint, InetSocketAddress address, Duration timeout) {
        this.endpoint = endpoint;
        this.address = address;
        this.timeout = timeout;
    }

    HtxConnection connect(X25519KeyPair own, MemorySegment responder, TicketKey ticketKey) throws IOException {
        final long endNs = endpoint.deadlines().nanoTime() + timeout.toNanos();
        final SocketChannel channel = SocketChannel.open();
        HtxConnection connection = null;
        try (SocketDeadline deadline = new SocketDeadline(endpoint.deadlines(), channel, nowNs -> endNs - nowNs)) {
            endpoint.connecting().add(deadline);
            try {
                connection = connect(channel, deadline, own, responder, ticketKey);
                return connection;
            } catch (IOException e) {
                throw explained(e, deadline);
            } finally {
                endpoint.connecting().remove(deadline);
            }
        } finally {
            if (connection == null) {
                channel.close();
            }
        }
    }

    private HtxConnection connect(
            SocketChannel channel,
            SocketDeadline deadline,
            X25519KeyPair own,
            MemorySegment responder,
            TicketKey ticketKey)
            throws IOException {
        if (endpoint.isClosed()) {
            throw new ClosedChannelException();
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(address);
        try (InitiatorHandshake handshake = new InitiatorHandshake(
                        own, responder, ticketKey, MemorySegment.NULL, Instant.now(), endpoint.randomness());
                HandshakeBuffer buffer = new HandshakeBuffer(InitiatorHandshake.FIRST_LENGTH)) {
            exchange(channel, handshake, buffer);
            if (!deadline.finish()) {
                throw new AsynchronousCloseException();
            }
            try (NoiseTransport transport = handshake.split()) {
                return HtxConnection.begin(endpoint, channel, transport, null);
            }
        }
    }

    private static void exchange(SocketChannel channel, InitiatorHandshake handshake, HandshakeBuffer buffer)
            throws IOException {
        if (handshake.writeFirst(buffer.memory()) < 0) {
            throw new ProtocolException("bad key: the other end's public key is of low order");
        }
        buffer.send(channel, InitiatorHandshake.FIRST_LENGTH);
        buffer.receive(channel, InitiatorHandshake.SECOND_LENGTH);
        if (handshake.readSecond(buffer.memory(), InitiatorHandshake.SECOND_LENGTH) < 0
                || handshake.writeThird(buffer.memory()) < 0) {
            throw new ProtocolException("bad key: the answer is not from the owner of that public key");
        }
        buffer.send(channel, InitiatorHandshake.THIRD_LENGTH);
    }

    /** The address as people write it, an IPv6 address in brackets. */
    private String shown() {
        final String host = address.getHostString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private IOException explained(IOException e, SocketDeadline deadline) {
        if (deadline.isExpired()) {
            return caused(
                    new SocketTimeoutException("no answer from " + shown() + " within " + timeout.toMillis() + " ms"),
                    e);
        }
        if (endpoint.isClosed()) {
            return new IOException("the endpoint is closed", e);
        }
        return switch (e) {
            case ClosedByInterruptException interrupt ->
                caused(new InterruptedIOException("interrupted while connecting to " + shown()), interrupt);
            case ConnectException refused ->
                caused(new ConnectException(shown() + ": " + refused.getMessage()), refused);
            case ProtocolException known -> known;
            case java.io.EOFException known -> known;
            default ->
                new IOException(
                        "the other end closed the connection in the handshake, or cannot be reached: " + e.getMessage(),
                        e);
        };
    }

    private static IOException caused(IOException e, IOException cause) {
        e.initCause(cause);
        return e;
    }
}
