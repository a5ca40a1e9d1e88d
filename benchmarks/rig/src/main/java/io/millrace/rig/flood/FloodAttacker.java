package io.millrace.rig.flood;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.htx.session.Session;
import io.millrace.htx.session.SessionConfig;
import io.millrace.htx.session.SessionListener;
import io.millrace.htx.session.SessionStream;
import io.millrace.noise.NoiseTransport;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One hostile connection. Its first message is made before the attack; it stays until the server closes it. */
final class FloodAttacker implements AutoCloseable {
    /** Behaviour of an attacker. */
    enum Kind {
        /** A connection without a byte. */
        SILENT,

        /** A first message of random bytes. */
        GARBAGE,

        /** A piece of a first message, and then nothing. */
        INCOMPLETE,

        /** A first message that an honest client has sent before. */
        REPLAY,

        /** A valid ticket over random bytes: only a Diffie-Hellman shows that there is no Noise message. */
        RANDOM_NOISE,

        /** A valid first message, and never a third one. */
        HALF_OPEN,

        /** A session that asks for bytes without end and takes none from its socket. */
        SLOW_READER
    }

    private static final int SEGMENT = 4 << 10;

    private final Kind kind;
    private final ByteBuffer first;
    private final InitiatorHandshake handshake;
    private final ByteBuffer room = ByteBuffer.allocate(InitiatorHandshake.SECOND_LENGTH);
    private SocketChannel channel;
    private Session session;

    /**
     * Makes one that has not begun yet.
     *
     * @param first its first bytes.
     * @param handshake of a slow reader, its first message written; closed with this. Null for the others.
     */
    FloodAttacker(Kind kind, byte[] first, InitiatorHandshake handshake) {
        this.kind = kind;
        this.first = ByteBuffer.wrap(first);
        this.handshake = handshake;
    }

    /** Whether it has a session that it does not read. */
    boolean isInside() {
        return session != null;
    }

    /** Connects from an address of its network. */
    void begin(Selector selector, SocketAddress from, SocketAddress to) throws IOException {
        channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(from);
        channel.configureBlocking(false);
        channel.connect(to);
        channel.register(selector, SelectionKey.OP_CONNECT, this);
    }

    /** Goes on; throws when the server has closed the connection. */
    void ready(SelectionKey key, BatchCrypto crypto, Randomness randomness) throws IOException {
        if (key.isConnectable() && channel.finishConnect()) {
            channel.write(first);
            key.interestOps(SelectionKey.OP_READ);
        } else if (key.isReadable()) {
            if (!room.hasRemaining()) {
                room.clear();
            }
            if (channel.read(room) < 0) {
                throw new EOFException();
            }
            if (kind == Kind.SLOW_READER && !room.hasRemaining()) {
                enter(crypto, randomness);
                key.interestOps(0);
            }
        }
    }

    private void enter(BatchCrypto crypto, Randomness randomness) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment message = arena.allocate(SEGMENT);
            MemorySegment.copy(room.array(), 0, message, JAVA_BYTE, 0, InitiatorHandshake.SECOND_LENGTH);
            if (handshake.readSecond(message, InitiatorHandshake.SECOND_LENGTH) < 0
                    || handshake.writeThird(message) < 0) {
                throw new IOException("the server's answer does not hold");
            }
            send(message.asSlice(0, InitiatorHandshake.THIRD_LENGTH).asByteBuffer());
            final NoiseTransport transport = handshake.split();
            final long nowNs = System.nanoTime();
            session = Session.over(
                    transport, true, SessionConfig.HTX1, crypto, randomness, new SessionListener() {}, nowNs);
            final SessionStream stream = session.open(nowNs);
            message.set(JAVA_BYTE, 0, FloodServer.GIVE);
            stream.write(message, 0, 1);
            session.fill(nowNs);
            send(session.outbound());
        }
    }

    // A new connection has room for this much.
    private void send(ByteBuffer bytes) throws IOException {
        channel.write(bytes);
        if (bytes.hasRemaining()) {
            throw new IOException("the socket takes no " + bytes.limit() + " bytes");
        }
    }

    @Override
    public void close() {
        if (handshake != null) {
            handshake.close();
        }
        if (session != null) {
            session.close();
            session = null;
        }
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new AssertionError("a socket cannot be closed", e);
            }
        }
    }
}
