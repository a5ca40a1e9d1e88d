package io.millrace.noise;

import io.millrace.crypto.SecretKey;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The cipher state of messages to the peer: encrypts, and can do nothing else.
 *
 * <p>Not thread safe. The owner closes it after its last use.
 *
 * <p>Source: Noise revision 34 section 5.1.
 */
public final class SendingCipherState extends CipherState {
    SendingCipherState(SecretKey owned, AtomicInteger owners, MemorySegment memory) {
        super(owned, owners, memory);
    }

    /**
     * Makes a cipher state that begins with nonce 0.
     *
     * @param key 32 bytes, copied; no other state may encrypt under it.
     */
    public static SendingCipherState of(MemorySegment key) {
        return inCell(cell -> new SendingCipherState(cell, new AtomicInteger(1), cell.segment()), key);
    }

    /**
     * Encrypts without associated data.
     *
     * @param buffer native; has 16 bytes of room behind the text.
     * @param offset of the text in bytes.
     * @param length of the text in bytes.
     */
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
     * @param adOffset of the associated data in {@code ad}, in bytes.
     * @param adLength of the associated data in bytes, 0 or more.
     * @return length of the message in bytes, {@code length} + 16; or {@link NoiseStatus#MESSAGE_TOO_LONG} or
     *     {@link NoiseStatus#NONCE_EXHAUSTED}, and then nothing has changed.
     */
    public int encryptInPlace(
            MemorySegment buffer, long offset, int length, MemorySegment ad, long adOffset, int adLength) {
        return seal(buffer, offset, length, ad, adOffset, adLength);
    }
}
