package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.BitSet;

/**
 * The processors on which a thread may run; on Linux. Threads that it starts afterwards inherit them. Safe for all threads.
 *
 * <p>Source: {@code sched.h}; sched_setaffinity(2), which with process number 0 acts on the calling thread.
 */
public final class ProcessorAffinity {
    /** Processors that a mask can name: numbers 0 to {@value} - 1. */
    public static final int LIMIT = 1_024;

    private static final boolean AVAILABLE = Platform.system().equals("Linux");
    private static final long MASK_LENGTH = LIMIT / Byte.SIZE;
    private static final MethodHandle SET = handle("sched_setaffinity");
    private static final MethodHandle GET = handle("sched_getaffinity");

    private ProcessorAffinity() {}

    /** Whether this system can tell and change a thread's processors. */
    public static boolean isAvailable() {
        return AVAILABLE;
    }

    /**
     * The processors of the calling thread.
     *
     * @return numbers, each below {@link #LIMIT}; empty if the system cannot tell.
     */
    public static BitSet ofCurrentThread() {
        if (!AVAILABLE) {
            return new BitSet();
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mask = arena.allocate(MASK_LENGTH, Long.BYTES);
            final int result = (int) GET.invokeExact(0, MASK_LENGTH, mask);
            return result == 0 ? BitSet.valueOf(mask.asByteBuffer()) : new BitSet();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Lets the calling thread, and threads that it starts from now on, run on these processors only.
     *
     * @param processors numbers, each below {@link #LIMIT}; at least one.
     * @return whether the system did so: false if it has none of these processors, does not allow it, or has no such call.
     * @throws IllegalArgumentException if {@code processors} is empty or names one that a mask cannot hold.
     */
    public static boolean bindCurrentThread(BitSet processors) {
        if (processors.isEmpty() || processors.length() > LIMIT) {
            throw new IllegalArgumentException(
                    "processors must be 1 or more, with numbers below " + LIMIT + ": processors=" + processors);
        }
        if (!AVAILABLE) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment mask = arena.allocate(MASK_LENGTH, Long.BYTES);
            mask.copyFrom(MemorySegment.ofArray(processors.toByteArray()));
            return (int) SET.invokeExact(0, MASK_LENGTH, mask) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    // int sched_setaffinity(pid_t pid, size_t cpusetsize, const cpu_set_t *mask)
    private static MethodHandle handle(String name) {
        return AVAILABLE
                ? Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow(name),
                                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS))
                : null;
    }
}
