package io.millrace.noise;

import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Chaining key, handshake hash and the cipher state of the handshake messages, in memory that the handshake owns.
 *
 * <p>Source: Noise revision 34 section 5.2.
 */
final class SymmetricState {
    private static final int CK_OFFSET = 0;
    private static final int H_OFFSET = CK_OFFSET + NoiseHash.MAX_LENGTH;
    private static final int CIPHER_OFFSET = H_OFFSET + NoiseHash.MAX_LENGTH;
    private static final int OUTPUTS_OFFSET = CIPHER_OFFSET + CipherState.MEMORY_LENGTH;

    /** Bytes that make up the state: kept by a {@linkplain HandshakeState checkpoint}. */
    static final int STATE_LENGTH = OUTPUTS_OFFSET;

    /** Room in bytes, outputs of HKDF included. */
    static final int MEMORY_LENGTH = OUTPUTS_OFFSET + 3 * NoiseHash.MAX_LENGTH;

    private final NoiseHash hash;
    private final MemorySegment memory;
    private final MemorySegment ck;
    private final MemorySegment h;
    private final HandshakeCipherState cipher;

    SymmetricState(NoiseProtocol protocol, MemorySegment memory) {
        this.hash = protocol.hash();
        this.memory = memory;
        this.ck = memory.asSlice(CK_OFFSET, hash.length());
        this.h = memory.asSlice(H_OFFSET, hash.length());
        this.cipher = new HandshakeCipherState(memory.asSlice(CIPHER_OFFSET, CipherState.MEMORY_LENGTH));
        initialize(protocol.name().getBytes(StandardCharsets.US_ASCII));
    }

    private void initialize(byte[] protocolName) {
        if (protocolName.length <= hash.length()) {
            h.fill((byte) 0);
            MemorySegment.copy(protocolName, 0, h, ValueLayout.JAVA_BYTE, 0, protocolName.length);
        } else {
            try (Arena arena = Arena.ofConfined()) {
                hash.hash(h, arena.allocateFrom(ValueLayout.JAVA_BYTE, protocolName));
            }
        }
        ck.copyFrom(h);
    }

    HandshakeCipherState cipher() {
        return cipher;
    }

    void mixHash(MemorySegment data) {
        hash.hash(h, h, data);
    }

    void mixKey(MemorySegment keyMaterial) {
        final MemorySegment outputs = hkdf(2, keyMaterial);
        ck.copyFrom(output(outputs, 0));
        cipher.initializeKey(key(outputs, 1));
        Wiping.wipe(outputs);
    }

    void mixKeyAndHash(MemorySegment keyMaterial) {
        final MemorySegment outputs = hkdf(3, keyMaterial);
        ck.copyFrom(output(outputs, 0));
        mixHash(output(outputs, 1));
        cipher.initializeKey(key(outputs, 2));
        Wiping.wipe(outputs);
    }

    /** Encrypts {@code length} bytes in place, if there is a key yet, and mixes the result; returns its length. */
    int encryptAndHash(MemorySegment buffer, long offset, int length) {
        int written = length;
        if (cipher.hasKey()) {
            written = cipher.seal(buffer, offset, length, h, 0, hash.length());
            assert written > 0 : "a handshake has few messages, and their lengths were checked: status=" + written;
        }
        mixHash(buffer.asSlice(offset, written));
        return written;
    }

    /**
     * Decrypts {@code length} bytes, if there is a key yet, and mixes the ciphertext.
     *
     * @param out receives the text; apart from {@code message}.
     * @return length of the text, or a {@link NoiseStatus}: {@code out} holds no text then.
     */
    int decryptAndHash(MemorySegment message, long offset, int length, MemorySegment out) {
        final MemorySegment received = message.asSlice(offset, length);
        if (!cipher.hasKey()) {
            out.asSlice(0, length).copyFrom(received);
            mixHash(received);
            return length;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment text = arena.allocate(length);
            try {
                text.copyFrom(received);
                final int textLength = cipher.open(text, 0, length, h, 0, hash.length());
                if (textLength < 0) {
                    return textLength;
                }
                MemorySegment.copy(text, 0, out, 0, textLength);
                mixHash(received);
                return textLength;
            } finally {
                Wiping.wipe(text);
            }
        }
    }

    /** Keys for the side with that role: the first key is for messages of the initiator. */
    NoiseTransport split(Role role, byte[] remoteStatic) {
        final MemorySegment outputs = hkdf(2, MemorySegment.NULL);
        try {
            final boolean begins = role == Role.INITIATOR;
            final byte[] handshakeHash = h.toArray(ValueLayout.JAVA_BYTE);
            return NoiseTransport.of(
                    key(outputs, begins ? 0 : 1), key(outputs, begins ? 1 : 0), handshakeHash, remoteStatic);
        } finally {
            Wiping.wipe(outputs);
        }
    }

    private MemorySegment hkdf(int count, MemorySegment keyMaterial) {
        final MemorySegment outputs = memory.asSlice(OUTPUTS_OFFSET, (long) count * hash.length());
        hash.hkdf(outputs, ck, keyMaterial);
        return outputs;
    }

    private MemorySegment output(MemorySegment outputs, int index) {
        return outputs.asSlice((long) index * hash.length(), hash.length());
    }

    /** A hash of 64 bytes is truncated to the length of a key. */
    private MemorySegment key(MemorySegment outputs, int index) {
        return output(outputs, index).asSlice(0, CipherState.KEY_LENGTH);
    }
}
