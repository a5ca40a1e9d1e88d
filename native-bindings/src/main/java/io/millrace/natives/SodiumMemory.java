package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * {@code sodium_mem*}, {@code sodium_mlock} and the guarded heap: memory that holds secrets.
 *
 * <p>Source: {@code sodium/utils.h}.
 */
public final class SodiumMemory {
    // void sodium_memzero(void * const pnt, const size_t len)
    private static final MethodHandle MEMZERO =
            SodiumLibrary.function("sodium_memzero", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));

    // int sodium_memcmp(const void * const b1_, const void * const b2_, size_t len)
    private static final MethodHandle MEMCMP =
            SodiumLibrary.function("sodium_memcmp", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG));

    // int sodium_is_zero(const unsigned char *n, const size_t nlen)
    private static final MethodHandle IS_ZERO =
            SodiumLibrary.function("sodium_is_zero", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    // int sodium_mlock(void * const addr, const size_t len)
    private static final MethodHandle MLOCK =
            SodiumLibrary.function("sodium_mlock", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    // int sodium_munlock(void * const addr, const size_t len)
    private static final MethodHandle MUNLOCK =
            SodiumLibrary.function("sodium_munlock", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    // void *sodium_malloc(const size_t size)
    private static final MethodHandle MALLOC =
            SodiumLibrary.function("sodium_malloc", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));

    // void sodium_free(void *ptr)
    private static final MethodHandle FREE =
            SodiumLibrary.function("sodium_free", FunctionDescriptor.ofVoid(JAVA_LONG));

    private SodiumMemory() {}

    /** Overwrites {@code length} bytes with zeros, in a way that no compiler removes. */
    public static void memzero(MemorySegment segment, long length) {
        Raw.out("segment", segment, length);
        try {
            MEMZERO.invokeExact(segment, length);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Whether two ranges of {@code length} bytes are equal, in time that depends on {@code length} only. */
    public static boolean memcmp(MemorySegment a, MemorySegment b, long length) {
        Raw.in("a", a, length);
        Raw.in("b", b, length);
        try {
            return 0 == (int) MEMCMP.invokeExact(a, b, length);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Whether {@code length} bytes are all zero, in time that depends on {@code length} only. */
    public static boolean isZero(MemorySegment segment, long length) {
        Raw.in("segment", segment, length);
        try {
            return 1 == (int) IS_ZERO.invokeExact(segment, length);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Keeps the pages of a range out of swap and, on Linux, out of core dumps.
     *
     * @return false if the operating system refuses, for instance beyond {@code ulimit -l}.
     */
    public static boolean mlock(MemorySegment segment, long length) {
        Raw.in("segment", segment, length);
        try {
            return 0 == (int) MLOCK.invokeExact(segment, length);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Zeroes the range and undoes {@link #mlock}. Locks do not nest: whatever else lies on the same pages is unlocked
     * too.
     *
     * @return false if the operating system refuses; the range is zeroed nevertheless.
     */
    public static boolean munlock(MemorySegment segment, long length) {
        Raw.out("segment", segment, length);
        try {
            return 0 == (int) MUNLOCK.invokeExact(segment, length);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Allocates {@code size} bytes that end at a page end, with guard pages around and, as far as the operating system
     * allows it, locked in memory. Takes at least four pages, whatever the size; meant for keys.
     *
     * @param arena zeroes, unlocks and frees the bytes when it closes; the process ends if their bounds were
     *     overwritten.
     * @param size in bytes, 1 or more.
     * @return a segment of {@code size} bytes of unspecified contents.
     */
    public static MemorySegment allocate(Arena arena, long size) {
        Raw.length("size", size);
        final long address;
        try {
            address = (long) MALLOC.invokeExact(size);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
        if (address == 0) {
            throw new OutOfMemoryError("sodium_malloc: size=" + size);
        }
        return MemorySegment.ofAddress(address).reinterpret(size, arena, SodiumMemory::free);
    }

    private static void free(MemorySegment segment) {
        try {
            FREE.invokeExact(segment.address());
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }
}
