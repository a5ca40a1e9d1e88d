package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** BLAKE2s against the RFC and against Python's hashlib. */
class Blake2sTest {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment out = arena.allocate(Blake2s.LENGTH);

    @Test
    void matchesRfc7693AppendixB() {
        Blake2s.hash(out, Bytes.of(arena, "616263"));

        assertThat(Bytes.hex(out)).isEqualTo("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982");
    }

    /** The hash of the hashes of 0 to 300 bytes that count up modulo 251, as {@code hashlib.blake2s} gives it. */
    @Test
    void matchesHashlibForEveryLengthAroundItsBlocks() {
        final MemorySegment input = arena.allocate(300);
        for (int i = 0; i < 300; i++) {
            input.set(JAVA_BYTE, i, (byte) (i % 251));
        }
        final MemorySegment hashes = arena.allocate(301L * Blake2s.LENGTH);
        for (int length = 0; length <= 300; length++) {
            Blake2s.hash(hashes.asSlice((long) length * Blake2s.LENGTH, Blake2s.LENGTH), input.asSlice(0, length));
        }

        Blake2s.hash(out, hashes);

        assertThat(Bytes.hex(out)).isEqualTo("4a9ffd64e57f449747d1e049d825f1551df6512fd109a5d2aea7a8fb99fcbf2b");
    }

    @Test
    void hashesPartsAsTheirConcatenation() {
        final MemorySegment input = arena.allocate(200);
        new SeededRandomness(3).fill(input);
        final MemorySegment whole = arena.allocate(Blake2s.LENGTH);
        Blake2s.hash(whole, input);

        for (int cut = 0; cut <= 200; cut++) {
            Blake2s.hash(out, input.asSlice(0, cut), MemorySegment.NULL, input.asSlice(cut));
            assertThat(Bytes.hex(out)).isEqualTo(Bytes.hex(whole));
        }
    }
}
