package io.millrace.noise;

import io.millrace.crypto.SecretKey;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The cipher state of messages from the peer: decrypts, and can do nothing else.
 *
 * <p>Not thread safe. The owner closes it after its last use.
 *
 * <p>Source: Noise revision 34 sections 5.1 and 11.4.
 */
public final class ReceivingCipherState extends CipherState {
    ReceivingCipherState(SecretKey owned, AtomicInteger owners, MemorySegment memory) {
        super(owned, owners, memory);
    }

    /**
     * Makes a cipher state that begins with nonce 0.
     *
     * @param key 32 bytes, copied.
     */
    public static ReceivingCipherState of(MemorySegment key) {
        return inCell(cell -> new ReceivingCipherState(cell, new AtomicInteger(1), cell.segment()), key);
    }

    /**
     * Sets the next nonce, for messages that arrive out of order. Source: section 11.4.
     *
     * @param nonce unsigned; each is accepted once, which the caller sees to.
     */
    @Override
    public void setNonce(long nonce) {
        super.setNonce(nonce);
    }

    /**
     * Decrypts without associated data.
     *
     * @param buffer native; the text replaces the message.
     * @param offset of the message in bytes.
     * @param length of the message in bytes, tag included.
     */
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
     * @param adOffset of the associated data in {@code ad}, in bytes.
     * @param adLength of the associated data in bytes, 0 or more.
     * @return length of the text in bytes, {@code length} - 16; or {@link NoiseStatus#MESSAGE_TOO_LONG},
     *     {@link NoiseStatus#MESSAGE_TOO_SHORT} or {@link NoiseStatus#NONCE_EXHAUSTED}, and then nothing has changed;
     *     or {@link NoiseStatus#BAD_TAG}, and then the text is zeroed and the nonce is still the next one.
     */
    public int decryptInPlace(
            MemorySegment buffer, long offset, int length, MemorySegment ad, long adOffset, int adLength) {
        return open(buffer, offset, length, ad, adOffset, adLength);
    }
}
