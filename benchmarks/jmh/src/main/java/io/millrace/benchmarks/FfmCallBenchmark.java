package io.millrace.benchmarks;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.natives.SodiumMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to leave Java and come back?
 *
 * <p>Each C function here does next to nothing: {@code memcmp} of 0 bytes has the shape of a crypto call (three
 * arguments, one result), {@code abs} is the least that the C library has. Baseline: a Java method that may not be
 * inlined. Expected: the baseline near 1 ns, a plain downcall some 5 to 8 ns more, a critical one (no thread state
 * transition, so the safepoints of the whole JVM wait for it) some 2 ns more; all with 0 B/op under {@code -prof gc}.
 * Against 30 µs of an X25519 neither matters, so no binding is critical.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class FfmCallBenchmark {
    // int abs(int j)
    private static final MethodHandle ABS = abs();

    // int abs(int j)
    private static final MethodHandle ABS_CRITICAL = abs(Linker.Option.critical(false));

    // Not final, so that no compiler computes the results beforehand.
    private int value = -42;
    private long length;
    private final MemorySegment global = Arena.global().allocate(16);
    private final MemorySegment shared = Arena.ofShared().allocate(16);

    /** A Java method of the same shape. */
    @Benchmark
    public boolean baselineJavaCall() {
        return equalInJava(0, 0, length);
    }

    /** A binding as the engine calls it. */
    @Benchmark
    public boolean sodiumMemcmpOfNothing() {
        return SodiumMemory.memcmp(global, global, length);
    }

    /** The same with memory that another thread might free: its arena is held during the call. */
    @Benchmark
    public boolean sodiumMemcmpOfSharedMemory() {
        return SodiumMemory.memcmp(shared, shared, length);
    }

    /** A plain downcall to the least of functions. */
    @Benchmark
    public int downcall() throws Throwable {
        return (int) ABS.invokeExact(value);
    }

    /** The same function without a thread state transition. */
    @Benchmark
    public int criticalDowncall() throws Throwable {
        return (int) ABS_CRITICAL.invokeExact(value);
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private static boolean equalInJava(long a, long b, long length) {
        return length == 0 || a == b;
    }

    private static MethodHandle abs(Linker.Option... options) {
        final Linker linker = Linker.nativeLinker();
        final SymbolLookup lookup = linker.defaultLookup();
        return linker.downcallHandle(lookup.findOrThrow("abs"), FunctionDescriptor.of(JAVA_INT, JAVA_INT), options);
    }
}
