package io.millrace.cli.htx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.noise.CipherState;
import io.millrace.noise.HandshakeBuilder;
import io.millrace.noise.HandshakeState;
import io.millrace.noise.NoiseProtocol;
import io.millrace.noise.NoiseStatus;
import io.millrace.noise.NoiseTransport;
import io.millrace.noise.Role;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Socket;
import java.util.HexFormat;

/**
 * One end of a connection that carries bare Noise messages: two bytes of length, big endian, then the message.
 *
 * <p>Used by one thread. A fault in the peer's bytes is an {@link IOException} that names it.
 */
final class RawNoiseConnection implements AutoCloseable {
    private static final int PATIENCE_MS = 10_000;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate(CipherState.MAX_MESSAGE_LENGTH);
    private final MemorySegment payload = arena.allocate(CipherState.MAX_MESSAGE_LENGTH);
    private final byte[] bytes = new byte[CipherState.MAX_MESSAGE_LENGTH];
    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private NoiseTransport transport;

    RawNoiseConnection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        this.in = new DataInputStream(socket.getInputStream());
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /**
     * Makes the handshake.
     *
     * @param remoteStatic the responder's public key for an initiator; null for a responder.
     */
    void handshake(Role role, X25519KeyPair own, byte[] remoteStatic, byte[] prologue) throws IOException {
        final Randomness randomness = new SecureRandomness();
        final HandshakeBuilder builder = HandshakeState.of(NoiseProtocol.XK_SHA256, role)
                .prologue(arena.allocateFrom(JAVA_BYTE, prologue))
                .localStatic(own)
                .randomness(randomness);
        if (remoteStatic != null) {
            builder.remoteStatic(MemorySegment.ofArray(remoteStatic));
        }
        try (HandshakeState handshake = builder.start()) {
            while (!handshake.isComplete()) {
                if (handshake.isTurnToWrite()) {
                    send(required("writing the handshake", handshake.writeMessage(payload, 0, buffer)));
                } else {
                    final int length = receive();
                    if (length < 0) {
                        throw new EOFException("the peer closed the connection during the handshake");
                    }
                    required("reading the handshake", handshake.readMessage(buffer, length, payload));
                }
            }
            transport = handshake.split();
        }
        socket.setSoTimeout(0);
    }

    String handshakeHash() {
        return HexFormat.of().formatHex(transport.handshakeHash());
    }

    String remoteStatic() {
        return HexFormat.of().formatHex(transport.remoteStatic());
    }

    /** Sends {@code text} as one message, 0 to {@link CipherState#MAX_TEXT_LENGTH} bytes. */
    void write(byte[] text) throws IOException {
        MemorySegment.copy(text, 0, buffer, JAVA_BYTE, 0, text.length);
        send(required("encrypting", transport.send().encryptInPlace(buffer, 0, text.length)));
    }

    /** The text of the next message; null if the peer has closed the connection. */
    byte[] read() throws IOException {
        final int length = receive();
        if (length < 0) {
            return null;
        }
        final int textLength = required("decrypting", transport.receive().decryptInPlace(buffer, 0, length));
        return buffer.asSlice(0, textLength).toArray(JAVA_BYTE);
    }

    private void send(int length) throws IOException {
        MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, length);
        out.writeShort(length);
        out.write(bytes, 0, length);
        out.flush();
    }

    /** Reads one message into the buffer; -1 at the end. */
    private int receive() throws IOException {
        final int high = in.read();
        if (high < 0) {
            return -1;
        }
        final int length = (high << Byte.SIZE) | in.readUnsignedByte();
        in.readFully(bytes, 0, length);
        MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, 0, length);
        return length;
    }

    private static int required(String doing, int lengthOrStatus) throws IOException {
        if (lengthOrStatus < 0) {
            throw new IOException(doing + ": " + NoiseStatus.name(lengthOrStatus));
        }
        return lengthOrStatus;
    }

    @Override
    public void close() throws IOException {
        if (transport != null) {
            transport.close();
        }
        arena.close();
        socket.close();
    }
}
