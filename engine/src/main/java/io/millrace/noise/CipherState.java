package io.millrace.noise;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.Aead;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One direction of a session: a key and the counter of its nonces. Encrypts and decrypts in place and allocates nothing.
 *
 * <p>A cipher state either encrypts or decrypts, never both. The nonce is 4 zero bytes and the counter in little endian;
 * the counter 2^64 - 1 is reserved for rekeying and never used for a message.
 *
 * <p>Not thread safe. The owner closes it after its last use.
 *
 * <p>Source: Noise revision 34 sections 5.1, 4.2 and 11.3.
 */
public final class CipherState implements AutoCloseable {
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

    private static final ValueLayout.OfLong LE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
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

    private CipherState(SecretKey owned, AtomicInteger owners, MemorySegment memory) {
        this.owned = owned;
        this.owners = owners;
        this.memory = memory;
        this.key = memory.asSlice(0, KEY_LENGTH);
        this.nonce = memory.asSlice(NONCE_OFFSET, Aead.NONCE_LENGTH);
        this.scratch = memory.asSlice(SCRATCH_OFFSET, KEY_LENGTH + TAG_LENGTH);
    }

    /** A cipher state without a key yet, in memory that somebody else wipes. */
    static CipherState within(MemorySegment memory) {
        return new CipherState(null, null, memory);
    }

    /** A cipher state over a copy of {@code key}, 32 bytes, that begins with nonce 0. */
    public static CipherState of(MemorySegment key) {
        final SecretKey owned = SecretKey.inCell(MEMORY_LENGTH);
        final CipherState cipher = new CipherState(owned, new AtomicInteger(1), owned.segment());
        cipher.initializeKey(key);
        return cipher;
    }

    /** Two as {@link #of} makes one, in one guarded cell. Each is closed by itself. */
    static CipherState[] pair(MemorySegment firstKey, MemorySegment secondKey) {
        final SecretKey owned = SecretKey.inCell(2 * MEMORY_LENGTH);
        final AtomicInteger owners = new AtomicInteger(2);
        final CipherState first = new CipherState(owned, owners, owned.segment().asSlice(0, MEMORY_LENGTH));
        final CipherState second =
                new CipherState(owned, owners, owned.segment().asSlice(MEMORY_LENGTH, MEMORY_LENGTH));
        first.initializeKey(firstKey);
        second.initializeKey(secondKey);
        return new CipherState[] {first, second};
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

    /** Sets the next nonce, unsigned: for messages that arrive out of order. Source: section 11.4. */
    public void setNonce(long nonce) {
        this.counter = nonce;
    }

    /** Address of the key, for the operands of a batch, which counts its nonces itself; valid until {@link #close}. */
    public long keyAddress() {
        return openKey().address();
    }

    /** Encrypts without associated data. */
    public int encryptInPlace(MemorySegment buffer, long offset, int length) {
        return encryptInPlace(buffer, offset, length, MemorySegment.NULL, 0, 0);
    }

    /**
     * Encrypts {@code length} bytes of {@code buffer} in place, writes the tag behind them and takes one nonce.
     *
     * @param buffer native; has 16 bytes of room behind the text.
     * @param offset of the text in bytes.
     * @param length of the text in bytes, 0 to {@link #MAX_TEXT_LENGTH}.
     * @param ad associated data: the {@code adLength} bytes at {@code adOffset}; not within the text.
     * @return length of the message in bytes, {@code length} + 16; or {@link NoiseStatus#MESSAGE_TOO_LONG} or
     *     {@link NoiseStatus#NONCE_EXHAUSTED}, and then nothing has changed.
     */
    public int encryptInPlace(
            MemorySegment buffer, long offset, int length, MemorySegment ad, long adOffset, int adLength) {
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

    /** Decrypts without associated data. */
    public int decryptInPlace(MemorySegment buffer, long offset, int length) {
        return decryptInPlace(buffer, offset, length, MemorySegment.NULL, 0, 0);
    }

    /**
     * Verifies and decrypts a message in place. Only an authentic one takes its nonce.
     *
     * @param buffer native.
     * @param offset of the message in bytes.
     * @param length of the message in bytes, tag included.
     * @param ad associated data: the {@code adLength} bytes at {@code adOffset}.
     * @return length of the text in bytes, {@code length} - 16; or {@link NoiseStatus#MESSAGE_TOO_LONG},
     *     {@link NoiseStatus#MESSAGE_TOO_SHORT} or {@link NoiseStatus#NONCE_EXHAUSTED}, and then nothing has changed;
     *     or {@link NoiseStatus#BAD_TAG}, and then the text is zeroed and the nonce is still the next one.
     */
    public int decryptInPlace(
            MemorySegment buffer, long offset, int length, MemorySegment ad, long adOffset, int adLength) {
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

    /** The key, 32 bytes, in place. */
    MemorySegment openKey() {
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
