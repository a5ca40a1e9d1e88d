package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code crypto_stream_chacha20_ietf*}: ChaCha20 with a 96-bit nonce and a 32-bit block counter.
 *
 * <p>Source: RFC 8439 section 2.4; {@code sodium/crypto_stream_chacha20.h}.
 */
public final class SodiumChaCha20 {
    /** Key length in bytes. */
    public static final int KEY_BYTES = 32;

    /** Nonce length in bytes. */
    public static final int NONCE_BYTES = 12;

    // int crypto_stream_chacha20_ietf(unsigned char *c, unsigned long long clen, const unsigned char *n,
    //     const unsigned char *k)
    private static final MethodHandle STREAM = SodiumLibrary.function(
            "crypto_stream_chacha20_ietf", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));

    // int crypto_stream_chacha20_ietf_xor_ic(unsigned char *c, const unsigned char *m, unsigned long long mlen,
    //     const unsigned char *n, uint32_t ic, const unsigned char *k)
    private static final MethodHandle XOR_IC = SodiumLibrary.function(
            "crypto_stream_chacha20_ietf_xor_ic",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_INT, ADDRESS));

    static {
        SodiumLibrary.requireSize("crypto_stream_chacha20_ietf_keybytes", KEY_BYTES);
        SodiumLibrary.requireSize("crypto_stream_chacha20_ietf_noncebytes", NONCE_BYTES);
    }

    private SodiumChaCha20() {}

    /**
     * Writes {@code clen} bytes of key stream, block counter from 0, to {@code c}.
     *
     * @param clen in bytes, at most 2^38.
     * @param n the nonce, 12 bytes.
     * @param k the key, 32 bytes.
     */
    public static void stream(MemorySegment c, long clen, MemorySegment n, MemorySegment k) {
        Raw.out("c", c, clen);
        Raw.in("n", n, NONCE_BYTES);
        Raw.in("k", k, KEY_BYTES);
        final int rc;
        try {
            rc = (int) STREAM.invokeExact(c, clen, n, k);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_stream_chacha20_ietf cannot fail: rc=" + rc);
        }
    }

    /**
     * Writes the {@code mlen} bytes at {@code m}, exclusive-ored with the key stream, to {@code c}.
     *
     * @param c may be {@code m}.
     * @param mlen in bytes; the stream must not run past block counter 2^32 - 1, where libsodium ends the process.
     * @param n the nonce, 12 bytes.
     * @param ic block counter of the first block, unsigned.
     * @param k the key, 32 bytes.
     */
    public static void xorIc(MemorySegment c, MemorySegment m, long mlen, MemorySegment n, int ic, MemorySegment k) {
        Raw.out("c", c, mlen);
        Raw.in("m", m, mlen);
        Raw.in("n", n, NONCE_BYTES);
        Raw.in("k", k, KEY_BYTES);
        final int rc;
        try {
            rc = (int) XOR_IC.invokeExact(c, m, mlen, n, ic, k);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("crypto_stream_chacha20_ietf_xor_ic cannot fail: rc=" + rc);
        }
    }
}
