package io.millrace.crypto;

import io.millrace.natives.SodiumChaCha20;
import java.lang.foreign.MemorySegment;

/**
 * The bare ChaCha20 stream; it authenticates nothing. All segments are native.
 *
 * <p>Source: RFC 8439 section 2.4.
 */
public final class ChaCha20 {
    /** Key length in bytes. */
    public static final int KEY_LENGTH = SodiumChaCha20.KEY_BYTES;

    /** Nonce length in bytes. */
    public static final int NONCE_LENGTH = SodiumChaCha20.NONCE_BYTES;

    private static final int BLOCK_LENGTH = 64;
    private static final long BLOCKS_PER_NONCE = 1L << 32;

    private ChaCha20() {}

    /**
     * Fills {@code out} with key stream, block counter from 0.
     *
     * @param out up to 2^38 bytes.
     * @param nonce 12 bytes.
     * @param key 32 bytes.
     */
    public static void stream(MemorySegment out, MemorySegment nonce, MemorySegment key) {
        requireBlocks(out, 0);
        SodiumChaCha20.stream(
                Operands.out("out", out),
                out.byteSize(),
                Operands.in("nonce", nonce, NONCE_LENGTH),
                Operands.in("key", key, KEY_LENGTH));
    }

    /**
     * Exclusive-ors all of {@code text} with the key stream from block {@code counter} on.
     *
     * @param text any length that does not run past the last block of the nonce.
     * @param counter of the first block, unsigned.
     * @param nonce 12 bytes.
     * @param key 32 bytes.
     */
    public static void xor(MemorySegment text, int counter, MemorySegment nonce, MemorySegment key) {
        requireBlocks(text, Integer.toUnsignedLong(counter));
        final MemorySegment at = Operands.out("text", text);
        SodiumChaCha20.xorIc(
                at,
                at,
                text.byteSize(),
                Operands.in("nonce", nonce, NONCE_LENGTH),
                counter,
                Operands.in("key", key, KEY_LENGTH));
    }

    /** libsodium ends the process when the block counter runs over; this is an exception instead. */
    private static void requireBlocks(MemorySegment text, long counter) {
        if (text.byteSize() > (BLOCKS_PER_NONCE - counter) * BLOCK_LENGTH) {
            throw new IllegalArgumentException(
                    "the block counter would run over: counter=" + counter + ", length=" + text.byteSize());
        }
    }
}
