package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code lanes_sha256_short}: SHA-256 of many short messages by the SHA instructions of x86-64.
 *
 * <p>To be touched only where {@link LanesLibrary#level} is true.
 *
 * <p>Source: {@code src/main/c/lanes.h}.
 */
public final class LanesSha256 {
    /** Longest message in bytes, without its prefix. */
    public static final int MAX_LENGTH = 118;

    private static final int HASH_LENGTH = 32;

    // int lanes_sha256_available(void)
    private static final MethodHandle AVAILABLE =
            LanesLibrary.function("lanes_sha256_available", FunctionDescriptor.of(JAVA_INT));

    // int lanes_sha256_short(int32_t count, int32_t prefix, uint8_t *out, const uint8_t *in, int32_t stride,
    //     int32_t length)
    private static final MethodHandle SHORT = LanesLibrary.function(
            "lanes_sha256_short",
            FunctionDescriptor.of(
                    JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private LanesSha256() {}

    /** Whether the processor has the SHA instructions. */
    public static boolean available() {
        try {
            return (int) AVAILABLE.invokeExact() == 1;
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Whether {@link LanesHmacSha256} can be used: the functions are there, and the processor has the SHA instructions. */
    public static boolean availableForSecrets() {
        return LanesLibrary.has("lanes_hkdf_sha256") && available();
    }

    /**
     * Writes the hash of {@code prefix || message} for {@code count} messages of {@code length} bytes, which lie
     * {@code stride} bytes apart from {@code inOffset} on, one after the other from {@code outOffset} on. Both segments are
     * held open during the call, as surplus arguments: see {@link SodiumElement}.
     */
    public static void hash(
            int count,
            int prefix,
            MemorySegment out,
            long outOffset,
            MemorySegment in,
            long inOffset,
            int stride,
            int length) {
        Raw.count(count, Integer.MAX_VALUE);
        Raw.length("stride", stride);
        Raw.length("length", length);
        Raw.length("outOffset", outOffset);
        Raw.length("inOffset", inOffset);
        Raw.out("out", out, Math.addExact(outOffset, (long) count * HASH_LENGTH));
        Raw.in("in", in, Math.addExact(inOffset, (long) (count - 1) * stride + length));
        final int rc;
        try {
            rc = (int) SHORT.invokeExact(
                    count, prefix, out.address() + outOffset, in.address() + inOffset, stride, length, out, in);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (rc != 0) {
            throw new AssertionError("lanes_sha256_short refused: length=" + length);
        }
    }
}
