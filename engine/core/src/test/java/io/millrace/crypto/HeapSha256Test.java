package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeapSha256Test {
    private static final int LONGEST = 1_000;

    private final HeapSha256 sha256 = new HeapSha256();

    @Test
    void agreesWithLibsodiumForEveryLength() {
        final byte[] in = new byte[LONGEST];
        new Random(1).nextBytes(in);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment copy = arena.allocateFrom(JAVA_BYTE, in);
            final MemorySegment expected = arena.allocate(Sha256.LENGTH);
            final MemorySegment actual = arena.allocate(8 + Sha256.LENGTH);
            for (int length = 0; length <= LONGEST; length++) {
                Sha256.hash(expected, copy.asSlice(0, length));
                sha256.hash(actual, 8, in, length);

                assertThat(actual.asSlice(8).mismatch(expected))
                        .as("length %d", length)
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void allocatesNothing() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final byte[] in = new byte[LONGEST];
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment out = arena.allocate(Sha256.LENGTH);
            long least = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 20 && least > 0; attempt++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 2_000; i++) {
                    sha256.hash(out, 0, in, LONGEST);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(least).isZero();
        }
    }
}
