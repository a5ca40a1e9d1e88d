package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code lanes_sha256}, {@code lanes_hmac_sha256} and {@code lanes_hkdf_sha256}: SHA-256 of secrets, one message at a
 * time, by the SHA instructions of x86-64. They wipe their working memory.
 *
 * <p>To be touched only where {@link LanesSha256#availableForSecrets} is true.
 *
 * <p>Source: {@code src/main/c/lanes.h}.
 */
public final class LanesHmacSha256 {
    /** Longest key, and longest salt, in bytes. */
    public static final int MAX_KEY_LENGTH = 64;

    private static final int HASH_LENGTH = 32;

    // int lanes_sha256(uint8_t *out, const uint8_t *a, int64_t a_length, const uint8_t *b, int64_t b_length,
    //     const uint8_t *c, int64_t c_length)
    private static final MethodHandle HASH = LanesLibrary.function(
            "lanes_sha256",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));

    // int lanes_hmac_sha256(uint8_t *out, const uint8_t *key, int32_t key_length, const uint8_t *a, int64_t a_length,
    //     const uint8_t *b, int64_t b_length, const uint8_t *c, int64_t c_length)
    private static final MethodHandle HMAC = LanesLibrary.function(
            "lanes_hmac_sha256",
            FunctionDescriptor.of(
                    JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));

    // int lanes_hkdf_sha256(uint8_t *out, int32_t length, const uint8_t *salt, int32_t salt_length, const uint8_t *ikm,
    //     int64_t ikm_length, const uint8_t *info, int64_t info_length)
    private static final MethodHandle HKDF = LanesLibrary.function(
            "lanes_hkdf_sha256",
            FunctionDescriptor.of(
                    JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));

    private LanesHmacSha256() {}

    /** Writes the 32-byte hash of three parts, one behind the other, each 0 bytes or more, to {@code out}. */
    public static void hash(
            MemorySegment out,
            MemorySegment a,
            long aLength,
            MemorySegment b,
            long bLength,
            MemorySegment c,
            long cLength) {
        parts(out, a, aLength, b, bLength, c, cLength);
        final int rc;
        try {
            rc = (int) HASH.invokeExact(out, a, aLength, b, bLength, c, cLength);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("lanes_sha256 refused");
        }
    }

    /** Writes the 32-byte HMAC of the same under a key of {@code keyLength} bytes, 0 to {@link #MAX_KEY_LENGTH}. */
    public static void hmac(
            MemorySegment out,
            MemorySegment key,
            int keyLength,
            MemorySegment a,
            long aLength,
            MemorySegment b,
            long bLength,
            MemorySegment c,
            long cLength) {
        Raw.in("key", key, keyLength);
        parts(out, a, aLength, b, bLength, c, cLength);
        final int rc;
        try {
            rc = (int) HMAC.invokeExact(out, key, keyLength, a, aLength, b, bLength, c, cLength);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("lanes_hmac_sha256 refused: keyLength=" + keyLength);
        }
    }

    /**
     * HKDF: writes {@code length} bytes, 0 to 8,160, to {@code out}, which must not overlap {@code info}.
     *
     * @param saltLength 0 to {@link #MAX_KEY_LENGTH} bytes.
     */
    public static void hkdf(
            MemorySegment out,
            int length,
            MemorySegment salt,
            int saltLength,
            MemorySegment ikm,
            long ikmLength,
            MemorySegment info,
            long infoLength) {
        Raw.out("out", out, length);
        Raw.in("salt", salt, saltLength);
        Raw.in("ikm", ikm, ikmLength);
        Raw.in("info", info, infoLength);
        final int rc;
        try {
            rc = (int) HKDF.invokeExact(out, length, salt, saltLength, ikm, ikmLength, info, infoLength);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("lanes_hkdf_sha256 refused: length=" + length + ", saltLength=" + saltLength);
        }
    }

    private static void parts(
            MemorySegment out,
            MemorySegment a,
            long aLength,
            MemorySegment b,
            long bLength,
            MemorySegment c,
            long cLength) {
        Raw.out("out", out, HASH_LENGTH);
        Raw.in("a", a, aLength);
        Raw.in("b", b, bLength);
        Raw.in("c", c, cLength);
    }
}
