package io.millrace.natives;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Memory for secrets. */
class SodiumMemoryTest {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    @Test
    void zeroesTheRangeAndNothingBesideIt() {
        final MemorySegment bytes = arena.allocate(48).fill((byte) 7);

        SodiumMemory.memzero(bytes.asSlice(8), 32);

        for (int i = 0; i < 48; i++) {
            assertThat(bytes.get(JAVA_BYTE, i)).isEqualTo((byte) (i < 8 || i >= 40 ? 7 : 0));
        }
    }

    @Test
    void comparesEveryBitOfTheRangeAndNothingBesideIt() {
        final MemorySegment a = arena.allocate(40);
        final MemorySegment b = arena.allocate(40);
        b.set(JAVA_BYTE, 32, (byte) 1);

        assertThat(SodiumMemory.memcmp(a, b, 32)).isTrue();
        for (int bit = 0; bit < 32 * 8; bit++) {
            b.set(JAVA_BYTE, bit / 8, (byte) (1 << bit % 8));
            assertThat(SodiumMemory.memcmp(a, b, 32)).isFalse();
            assertThat(SodiumMemory.isZero(b, 32)).isFalse();
            b.set(JAVA_BYTE, bit / 8, (byte) 0);
        }
        assertThat(SodiumMemory.isZero(b, 32)).isTrue();
    }

    @Test
    void unlockingZeroesTheRange() {
        final MemorySegment bytes = arena.allocate(32).fill((byte) 7);

        SodiumMemory.mlock(bytes, 32);
        SodiumMemory.munlock(bytes, 32);

        assertThat(SodiumMemory.isZero(bytes, 32)).isTrue();
    }

    @Test
    void guardedMemoryHasItsSizeAndDiesWithItsArena() {
        final MemorySegment bytes;
        try (Arena own = Arena.ofConfined()) {
            bytes = SodiumMemory.allocate(own, 33).fill((byte) 7);
            assertThat(bytes.byteSize()).isEqualTo(33);
        }
        assertThat(bytes.scope().isAlive()).isFalse();
    }
}
