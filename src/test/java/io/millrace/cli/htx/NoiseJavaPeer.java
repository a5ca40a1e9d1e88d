package io.millrace.cli.htx;

import com.southernstorm.noise.protocol.CipherStatePair;
import com.southernstorm.noise.protocol.DHState;
import com.southernstorm.noise.protocol.HandshakeState;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** One end of bare Noise XK by noise-java: a responder in a separate thread, or an initiator. */
final class NoiseJavaPeer implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();
    private static final int[] LENGTHS = {0, 1, 1_024, 65_519};
    private static final int MAX_LENGTH = 65_535;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final HandshakeState state;
    private final CompletableFuture<String> handshakeHash = new CompletableFuture<>();

    NoiseJavaPeer(String prologue) throws IOException, GeneralSecurityException {
        state = state(HandshakeState.RESPONDER, prologue);
        Thread.ofPlatform().daemon().start(this::respond);
    }

    /** Observations of an initiator. */
    record Outcome(String handshakeHash, int equal) {}

    static Outcome initiate(String prologue, int port, String publicKey) throws IOException, GeneralSecurityException {
        final HandshakeState state = state(HandshakeState.INITIATOR, prologue);
        state.getRemotePublicKey().setPublicKey(HEX.parseHex(publicKey), 0);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            final CipherStatePair ciphers = handshake(state, socket);
            int equal = 0;
            for (int length : LENGTHS) {
                final byte[] text = new byte[length];
                Arrays.fill(text, (byte) length);
                final byte[] message = new byte[length + 16];
                send(socket, message, ciphers.getSender().encryptWithAd(null, text, 0, message, 0, length));
                final byte[] echo = receive(socket);
                final int got = ciphers.getReceiver().decryptWithAd(null, echo, 0, echo, 0, echo.length);
                equal += Arrays.equals(text, Arrays.copyOf(echo, got)) ? 1 : 0;
            }
            return new Outcome(HEX.formatHex(state.getHandshakeHash()), equal);
        }
    }

    private void respond() {
        try (Socket socket = server.accept()) {
            final CipherStatePair ciphers = handshake(state, socket);
            handshakeHash.complete(HEX.formatHex(state.getHandshakeHash()));
            for (byte[] message = receive(socket); message != null; message = receive(socket)) {
                final int length = ciphers.getReceiver().decryptWithAd(null, message, 0, message, 0, message.length);
                send(socket, message, ciphers.getSender().encryptWithAd(null, message, 0, message, 0, length));
            }
        } catch (IOException | GeneralSecurityException e) {
            handshakeHash.completeExceptionally(e);
        }
    }

    private static HandshakeState state(int role, String prologue) throws GeneralSecurityException {
        final HandshakeState state = new HandshakeState("Noise_XK_25519_ChaChaPoly_SHA256", role);
        final byte[] bytes = HEX.parseHex(prologue);
        state.setPrologue(bytes, 0, bytes.length);
        state.getLocalKeyPair().generateKeyPair();
        return state;
    }

    private static CipherStatePair handshake(HandshakeState state, Socket socket)
            throws IOException, GeneralSecurityException {
        state.start();
        final byte[] buffer = new byte[MAX_LENGTH];
        while (state.getAction() != HandshakeState.SPLIT) {
            if (state.getAction() == HandshakeState.WRITE_MESSAGE) {
                send(socket, buffer, state.writeMessage(buffer, 0, buffer, 0, 0));
            } else {
                final byte[] message = receive(socket);
                state.readMessage(message, 0, message.length, buffer, 0);
            }
        }
        return state.split();
    }

    private static void send(Socket socket, byte[] message, int length) throws IOException {
        final DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(length);
        out.write(message, 0, length);
        out.flush();
    }

    private static byte[] receive(Socket socket) throws IOException {
        final DataInputStream in = new DataInputStream(socket.getInputStream());
        final int high = in.read();
        if (high < 0) {
            return null;
        }
        return in.readNBytes((high << Byte.SIZE) | in.readUnsignedByte());
    }

    int port() {
        return server.getLocalPort();
    }

    String publicKey() {
        final DHState key = state.getLocalKeyPair();
        final byte[] bytes = new byte[key.getPublicKeyLength()];
        key.getPublicKey(bytes, 0);
        return HEX.formatHex(bytes);
    }

    String handshakeHash() {
        return handshakeHash.join();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
