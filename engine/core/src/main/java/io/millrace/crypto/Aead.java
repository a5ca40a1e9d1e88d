package io.millrace.crypto;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.natives.SodiumAead;
import io.millrace.natives.SodiumElement;
import java.lang.foreign.MemorySegment;

/**
 * ChaCha20-Poly1305 over one text, in place; the packet path takes {@link BatchCrypto}. All segments are native.
 *
 * <p>Source: RFC 8439 section 2.8.
 */
public final class Aead {
    /** Key length in bytes. */
    public static final int KEY_LENGTH = SodiumAead.KEY_BYTES;

    /** Nonce length in bytes. */
    public static final int NONCE_LENGTH = SodiumAead.NPUB_BYTES;

    /** Tag length in bytes. */
    public static final int TAG_LENGTH = SodiumAead.A_BYTES;

    private Aead() {}

    /**
     * Encrypts all of {@code text} in place and writes its tag.
     *
     * @param text any length, also none.
     * @param tag receives 16 bytes; must not overlap {@code text}.
     * @param ad associated data, any length, also none.
     * @param nonce 12 bytes, never used twice with {@code key}.
     * @param key 32 bytes.
     */
    public static void seal(
            MemorySegment text, MemorySegment tag, MemorySegment ad, MemorySegment nonce, MemorySegment key) {
        final MemorySegment at = Operands.out("text", text);
        SodiumAead.encryptDetached(
                at,
                Operands.out("tag", tag, TAG_LENGTH),
                at,
                text.byteSize(),
                Operands.in("ad", ad),
                ad.byteSize(),
                Operands.in("nonce", nonce, NONCE_LENGTH),
                Operands.in("key", key, KEY_LENGTH));
    }

    /**
     * Verifies the tag and decrypts all of {@code text} in place.
     *
     * @param text native; ciphertext, replaced by the text.
     * @param tag native, 16 bytes.
     * @param ad native; associated data, 0 or more bytes.
     * @param nonce native, 12 bytes.
     * @param key native, 32 bytes.
     * @return false if forged; {@code text} is then zeroed, and there is no second try with another key.
     */
    public static boolean open(
            MemorySegment text, MemorySegment tag, MemorySegment ad, MemorySegment nonce, MemorySegment key) {
        final MemorySegment at = Operands.out("text", text);
        return SodiumAead.decryptDetached(
                at,
                at,
                text.byteSize(),
                Operands.in("tag", tag, TAG_LENGTH),
                Operands.in("ad", ad),
                ad.byteSize(),
                Operands.in("nonce", nonce, NONCE_LENGTH),
                Operands.in("key", key, KEY_LENGTH));
    }

    /**
     * Encrypts a range of {@code buffer} in place and writes the tag right behind it. Allocates nothing.
     *
     * @param buffer native; overwritten from {@code offset} on.
     * @param offset of the first byte of the text; {@code length} bytes of text and 16 of room follow.
     * @param length of the text in bytes, 0 or more.
     * @param ad associated data: the {@code adLength} bytes at {@code adOffset}; must not overlap text or tag.
     * @param adOffset of the associated data in {@code ad}, in bytes.
     * @param adLength of the associated data in bytes, 0 or more.
     * @param nonce 12 bytes, never used twice with {@code key}.
     * @param key 32 bytes.
     */
    public static void seal(
            MemorySegment buffer,
            long offset,
            long length,
            MemorySegment ad,
            long adOffset,
            long adLength,
            MemorySegment nonce,
            MemorySegment key) {
        final long text = textAndTag(buffer, offset, length);
        final MemorySegment data = Operands.in("ad", ad, adOffset, adLength);
        SodiumElement.aeadSeal(
                text,
                length,
                text + length,
                data.address() + adOffset,
                adLength,
                Operands.in("nonce", nonce, NONCE_LENGTH).address(),
                Operands.in("key", key, KEY_LENGTH).address(),
                buffer,
                buffer,
                data,
                nonce,
                key);
    }

    /**
     * Verifies the tag behind a range of {@code buffer} and decrypts the range in place. Allocates nothing.
     *
     * @param buffer native; overwritten from {@code offset} on.
     * @param offset of the first byte of the text; {@code length} bytes of text and 16 of tag follow.
     * @param length of the text in bytes, 0 or more, without the tag.
     * @param ad associated data: the {@code adLength} bytes at {@code adOffset}.
     * @param adOffset of the associated data in {@code ad}, in bytes.
     * @param adLength of the associated data in bytes, 0 or more.
     * @param nonce native, 12 bytes.
     * @param key native, 32 bytes.
     * @return false if forged; the text is then zeroed, and there is no second try with another key.
     */
    public static boolean open(
            MemorySegment buffer,
            long offset,
            long length,
            MemorySegment ad,
            long adOffset,
            long adLength,
            MemorySegment nonce,
            MemorySegment key) {
        final long text = textAndTag(buffer, offset, length);
        final MemorySegment data = Operands.in("ad", ad, adOffset, adLength);
        return SodiumElement.aeadOpen(
                text,
                length,
                text + length,
                data.address() + adOffset,
                adLength,
                Operands.in("nonce", nonce, NONCE_LENGTH).address(),
                Operands.in("key", key, KEY_LENGTH).address(),
                buffer,
                buffer,
                data,
                nonce,
                key);
    }

    private static long textAndTag(MemorySegment buffer, long offset, long length) {
        if (length < 0) {
            throw new IndexOutOfBoundsException("a text cannot be shorter than nothing: length=" + length);
        }
        return Operands.out("buffer", buffer, offset, length + TAG_LENGTH).address() + offset;
    }
}
