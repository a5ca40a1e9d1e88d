package io.millrace.natives;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** A call of a hot binding allocates nothing on the Java heap. */
class BindingCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment text = arena.allocate(1024);
    private final MemorySegment tag = arena.allocate(64);
    private final MemorySegment nonce = arena.allocate(16);
    private final MemorySegment key = arena.allocate(32).fill((byte) 1);
    private final MemorySegment point = arena.allocate(32).fill((byte) 9);

    @Test
    void x25519AllocatesNothing() {
        assertAllocatesNothing(10_000, () -> SodiumX25519.scalarmult(tag, key, point));
        assertAllocatesNothing(10_000, () -> SodiumX25519.scalarmultBase(tag, key));
    }

    @Test
    void chacha20AllocatesNothing() {
        assertAllocatesNothing(100_000, () -> SodiumChaCha20.xorIc(text, text, 64, nonce, 0, key));
        assertAllocatesNothing(100_000, () -> SodiumChaCha20.stream(text, 64, nonce, key));
    }

    @Test
    void aeadAllocatesNothing() {
        assertAllocatesNothing(100_000, () -> SodiumAead.encryptDetached(text, tag, text, 64, nonce, 10, nonce, key));
        // Not the tag of that text any more: the costlier of the two outcomes is the one under attack.
        assertAllocatesNothing(100_000, () -> SodiumAead.decryptDetached(text, text, 64, tag, nonce, 10, nonce, key));
    }

    @Test
    void blake2bAllocatesNothing() {
        assertAllocatesNothing(100_000, () -> SodiumBlake2b.hashSaltPersonal(tag, 64, text, 64, key, 32, nonce, nonce));
    }

    @Test
    void poly1305AllocatesNothing() {
        assertAllocatesNothing(100_000, () -> SodiumPoly1305.onetimeauth(tag, text, 64, key));
        assertAllocatesNothing(100_000, () -> SodiumPoly1305.verify(tag, text, 64, key));
    }

    @Test
    void memoryCallsAllocateNothing() {
        assertAllocatesNothing(100_000, () -> SodiumMemory.memcmp(text, tag, 16));
        assertAllocatesNothing(100_000, () -> SodiumMemory.isZero(text, 16));
        assertAllocatesNothing(100_000, () -> SodiumMemory.memzero(text, 16));
    }

    @Test
    void randomnessAllocatesNothing() {
        assertAllocatesNothing(20_000, () -> SodiumRandom.fill(text, 32));
    }

    private static void assertAllocatesNothing(int calls, Runnable call) {
        // The first calls run in the interpreter, which boxes the arguments of method handles.
        repeat(calls, call);
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        repeat(calls, call);
        final long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat((double) allocated / calls).as("bytes per call").isLessThan(1.0);
    }

    private static void repeat(int calls, Runnable call) {
        for (int i = 0; i < calls; i++) {
            call.run();
        }
    }
}
