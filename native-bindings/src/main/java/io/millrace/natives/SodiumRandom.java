package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code randombytes_*}: the operating system's random numbers, by way of libsodium.
 *
 * <p>Source: {@code sodium/randombytes.h}.
 */
public final class SodiumRandom {
    // void randombytes_buf(void * const buf, const size_t size)
    private static final MethodHandle BUF =
            SodiumLibrary.function("randombytes_buf", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));

    private SodiumRandom() {}

    /**
     * Fills {@code size} bytes at {@code buf}; if the operating system has none to give, libsodium ends the process.
     */
    public static void fill(MemorySegment buf, long size) {
        Raw.out("buf", buf, size);
        try {
            BUF.invokeExact(buf, size);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }
}
