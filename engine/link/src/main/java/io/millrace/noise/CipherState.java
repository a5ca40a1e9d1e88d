package io.millrace.noise;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.crypto.Aead;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A key and the counter of its nonces. Works in place and allocates nothing.
 *
 * <p>A cipher state of a session either encrypts or decrypts, never both, and each direction has a type: {@link
 * SendingCipherState} and {@link ReceivingCipherState}. The nonce is 4 zero bytes and the counter in little endian;
 * the counter 2^64 - 1 is reserved for rekeying and never used for a message.
 *
 * <p>Not thread safe. The owner closes it after its last use.
 *
 * <p>Source: Noise revision 34 sections 5.1, 4.2 and 11.3.
 */
public abstract sealed class CipherState implements AutoCloseable
        permits SendingCipherState, ReceivingCipherState, HandshakeCipherState {
    /** Length of a key in bytes. */
    public static final int KEY_LENGTH = Aead.KEY_LENGTH;

    /** Length in bytes by which encryption makes a text longer. */
    public static final int TAG_LENGTH = Aead.TAG_LENGTH;

    /** Longest message in bytes, tag included. Source: section 3. */
    public static final int MAX_MESSAGE_LENGTH = 65_535;

    /** Longest text of one message in bytes. */
    public static final int MAX_TEXT_LENGTH = MAX_MESSAGE_LENGTH - TAG_LENGTH;

    /** Room of a cipher state in bytes: key, nonce with padding, scratch of {@link #rekey()}. */
    static final int MEMORY_LENGTH = 96;

    private static final int NONCE_OFFSET = 32;
    private static final int COUNTER_OFFSET = 36;
    private static final int SCRATCH_OFFSET = 48;

    private static final long RESERVED_NONCE = -1L;

    /** Guarded cell, released by the last of its owners; null if it belongs to a handshake. */
    private final SecretKey owned;

    private final AtomicInteger owners;
    private final MemorySegment memory;
    private final MemorySegment key;
    private final MemorySegment nonce;
    private final MemorySegment scratch;
    private long counter;
    private boolean keyed;
    private boolean closed;

    /**
     * A cipher state without a key yet.
     *
     * @param owned the guarded cell of {@code memory}; null if a handshake wipes it.
     * @param owners of the cell; the last one that closes releases it.
     */
    CipherState(SecretKey owned, AtomicInteger owners, MemorySegment memory) {
        this.owned = owned;
        this.owners = owners;
        this.memory = memory;
        this.key = memory.asSlice(0, KEY_LENGTH);
        this.nonce = memory.asSlice(NONCE_OFFSET, Aead.NONCE_LENGTH);
        this.scratch = memory.asSlice(SCRATCH_OFFSET, KEY_LENGTH + TAG_LENGTH);
    }

    /** A cipher state in a cell, over a copy of {@code key}; releases the cell if that fails. */
    static <T extends CipherState> T inCell(Function<SecretKey, T> constructor, MemorySegment key) {
        final T cipher = constructor.apply(SecretKey.inCell(MEMORY_LENGTH));
        boolean complete = false;
        try {
            cipher.initializeKey(key);
            complete = true;
            return cipher;
        } finally {
            if (!complete) {
                cipher.close();
            }
        }
    }

    void initializeKey(MemorySegment newKey) {
        key.copyFrom(newKey);
        counter = 0;
        keyed = true;
    }

    boolean hasKey() {
        return keyed;
    }

    /** For going back to an earlier state, whose memory the caller restores. */
    void restore(boolean hadKey, long nonceThen) {
        keyed = hadKey;
        counter = nonceThen;
    }

    /** The next nonce, unsigned. */
    public long nonce() {
        return counter;
    }

    /** Sets the next nonce, unsigned. */
    void setNonce(long nonce) {
        this.counter = nonce;
    }

    /** See {@link SendingCipherState#encryptInPlace}. */
    final int seal(MemorySegment buffer, long offset, int length, MemorySegment ad, long adOffset, int adLength) {
        if (length > MAX_TEXT_LENGTH) {
            return NoiseStatus.MESSAGE_TOO_LONG;
        }
        if (counter == RESERVED_NONCE) {
            return NoiseStatus.NONCE_EXHAUSTED;
        }
        final MemorySegment open = openKey();
        nonce.set(LE_LONG, COUNTER_OFFSET - NONCE_OFFSET, counter);
        Aead.seal(buffer, offset, length, ad, adOffset, adLength, nonce, open);
        counter++;
        return length + TAG_LENGTH;
    }

    /** See {@link ReceivingCipherState#decryptInPlace}. */
    final int open(MemorySegment buffer, long offset, int length, MemorySegment ad, long adOffset, int adLength) {
        if (length > MAX_MESSAGE_LENGTH) {
            return NoiseStatus.MESSAGE_TOO_LONG;
        }
        if (length < TAG_LENGTH) {
            return NoiseStatus.MESSAGE_TOO_SHORT;
        }
        if (counter == RESERVED_NONCE) {
            return NoiseStatus.NONCE_EXHAUSTED;
        }
        final MemorySegment open = openKey();
        nonce.set(LE_LONG, COUNTER_OFFSET - NONCE_OFFSET, counter);
        final int textLength = length - TAG_LENGTH;
        if (!Aead.open(buffer, offset, textLength, ad, adOffset, adLength, nonce, open)) {
            return NoiseStatus.BAD_TAG;
        }
        counter++;
        return textLength;
    }

    /**
     * Replaces the key by the one that follows from it; the nonce goes on counting. Both ends do it at the same message.
     *
     * <p>Source: sections 4.2 and 11.3: the first 32 bytes of the encryption of 32 zero bytes under nonce 2^64 - 1.
     */
    public void rekey() {
        final MemorySegment open = openKey();
        scratch.fill((byte) 0);
        nonce.set(LE_LONG, COUNTER_OFFSET - NONCE_OFFSET, RESERVED_NONCE);
        Aead.seal(scratch, 0, KEY_LENGTH, MemorySegment.NULL, 0, 0, nonce, open);
        MemorySegment.copy(scratch, 0, open, 0, KEY_LENGTH);
        Wiping.wipe(scratch);
    }

    /**
     * Copies the key, for an owner that counts nonces itself.
     *
     * @param target receives {@link #KEY_LENGTH} bytes, native; the caller wipes it.
     */
    public void copyKey(MemorySegment target) {
        MemorySegment.copy(openKey(), 0, target, 0, KEY_LENGTH);
    }

    /** For the test that looks at it. */
    MemorySegment memory() {
        return memory;
    }

    private MemorySegment openKey() {
        if (closed) {
            throw new IllegalStateException("the cipher state is closed");
        }
        return key;
    }

    /** Wipes the key. A second call does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (owned == null) {
            return; // the handshake wipes its cell, which may be another's by now
        }
        Wiping.wipe(memory);
        if (owners.decrementAndGet() == 0) {
            owned.close();
        }
    }
}
