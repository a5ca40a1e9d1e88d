package io.millrace.crypto;

import io.millrace.natives.SodiumAead;
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
        final long at = Operands.out("text", text);
        SodiumAead.encryptDetached(
                at,
                Operands.out("tag", tag, TAG_LENGTH),
                at,
                text.byteSize(),
                Operands.in("ad", ad),
                ad.byteSize(),
                Operands.in("nonce", nonce, NONCE_LENGTH),
                Operands.in("key", key, KEY_LENGTH));
        Operands.keep(text, tag, ad);
        Operands.keep(nonce, key);
    }

    /**
     * Verifies the tag and decrypts all of {@code text} in place.
     *
     * @return false if forged; {@code text} is then zeroed, and there is no second try with another key.
     */
    public static boolean open(
            MemorySegment text, MemorySegment tag, MemorySegment ad, MemorySegment nonce, MemorySegment key) {
        final long at = Operands.out("text", text);
        final boolean authentic = SodiumAead.decryptDetached(
                at,
                at,
                text.byteSize(),
                Operands.in("tag", tag, TAG_LENGTH),
                Operands.in("ad", ad),
                ad.byteSize(),
                Operands.in("nonce", nonce, NONCE_LENGTH),
                Operands.in("key", key, KEY_LENGTH));
        Operands.keep(text, tag, ad);
        Operands.keep(nonce, key);
        return authentic;
    }
}
