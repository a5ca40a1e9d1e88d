package io.millrace.noise;

import io.millrace.crypto.SecretKey;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * Result of a handshake: one cipher state per direction, and who is at the other end. Owned by its
 * holder, who closes it or its parts.
 */
public final class NoiseTransport implements AutoCloseable {
    private final SendingCipherState send;
    private final ReceivingCipherState receive;
    private final byte[] handshakeHash;
    private final byte[] remoteStatic;

    private NoiseTransport(
            SendingCipherState send, ReceivingCipherState receive, byte[] handshakeHash, byte[] remoteStatic) {
        this.send = send;
        this.receive = receive;
        this.handshakeHash = handshakeHash;
        this.remoteStatic = remoteStatic;
    }

    /** Both cipher states over copies of their keys, 32 bytes each, in one guarded cell. Each is closed by itself. */
    static NoiseTransport of(
            MemorySegment sendKey, MemorySegment receiveKey, byte[] handshakeHash, byte[] remoteStatic) {
        final int length = CipherState.MEMORY_LENGTH;
        final SecretKey owned = SecretKey.inCell(2 * length);
        boolean complete = false;
        try {
            final AtomicInteger owners = new AtomicInteger(2);
            final SendingCipherState send =
                    new SendingCipherState(owned, owners, owned.segment().asSlice(0, length));
            final ReceivingCipherState receive =
                    new ReceivingCipherState(owned, owners, owned.segment().asSlice(length, length));
            send.initializeKey(sendKey);
            receive.initializeKey(receiveKey);
            final NoiseTransport transport = new NoiseTransport(send, receive, handshakeHash, remoteStatic);
            complete = true;
            return transport;
        } finally {
            if (!complete) {
                owned.close();
            }
        }
    }

    /** Encrypts messages to the peer. */
    public SendingCipherState send() {
        return send;
    }

    /** Decrypts messages from the peer. */
    public ReceivingCipherState receive() {
        return receive;
    }

    /** The handshake hash, as long as the protocol's hash: the same at both ends, unique to the session, not secret. */
    public byte[] handshakeHash() {
        return handshakeHash.clone();
    }

    /** The peer's static public key, 32 bytes, which the handshake has authenticated; null if it has none. */
    public byte[] remoteStatic() {
        return remoteStatic == null ? null : remoteStatic.clone();
    }

    /**
     * Gives both keys away, to an owner that counts nonces itself, and closes this.
     *
     * @param taker gets the cipher states of sending and receiving, which are closed when it returns: it copies their keys.
     */
    public <T> T giveKeys(BiFunction<? super SendingCipherState, ? super ReceivingCipherState, T> taker) {
        try (this) {
            return taker.apply(send, receive);
        }
    }

    /** Wipes both keys. */
    @Override
    public void close() {
        send.close();
        receive.close();
    }
}
