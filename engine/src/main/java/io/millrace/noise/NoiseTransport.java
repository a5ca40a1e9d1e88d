package io.millrace.noise;

import java.lang.foreign.MemorySegment;
import java.util.function.BiFunction;

/**
 * What a finished handshake yields: one cipher state per direction, and who is at the other end. Owned by whoever holds
 * it, who closes it or its parts.
 */
public final class NoiseTransport implements AutoCloseable {
    private final CipherState send;
    private final CipherState receive;
    private final byte[] handshakeHash;
    private final byte[] remoteStatic;

    NoiseTransport(CipherState send, CipherState receive, byte[] handshakeHash, byte[] remoteStatic) {
        this.send = send;
        this.receive = receive;
        this.handshakeHash = handshakeHash;
        this.remoteStatic = remoteStatic;
    }

    /** Encrypts what goes to the peer. */
    public CipherState send() {
        return send;
    }

    /** Decrypts what comes from the peer. */
    public CipherState receive() {
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
     * Gives both keys away, to whoever counts nonces itself, and closes this.
     *
     * @param taker gets the keys of sending and receiving, 32 bytes each and in place only as long as it runs: it copies
     *     them.
     */
    public <T> T giveKeys(BiFunction<MemorySegment, MemorySegment, T> taker) {
        try (this) {
            return taker.apply(send.openKey(), receive.openKey());
        }
    }

    /** Wipes both keys. */
    @Override
    public void close() {
        send.close();
        receive.close();
    }
}
