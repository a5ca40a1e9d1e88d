package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One clamped scalar stands for the product of many. */
class BlindedScalarsTest {
    private static final BigInteger L =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    private static final long SEED = 20260108;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(96);
    private final BlindedScalars scalars = new BlindedScalars(arena);
    private final SeededRandomness random = new SeededRandomness(SEED);

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void theResultIsClampedAndPlusOrMinusTheProductOfTheClampedFactors() {
        System.out.println("seed=" + SEED);
        for (int round = 0; round < 200; round++) {
            random.fill(memory);
            BigInteger product = clamped(0);
            scalars.start(memory, 0);
            for (int factor = 0; factor < 20; factor++) {
                scalars.clampedTo(memory, 0, memory, 64);
                assertStandsFor(product);

                random.fill(memory.asSlice(32, 32));
                product = product.multiply(clamped(32)).mod(L);
                scalars.blind(memory, 0, memory, 32);
            }
        }
    }

    @Test
    void eitherSignIsChosenRightAtTheBorders() {
        final BigInteger half = BigInteger.TWO.pow(251);
        final BigInteger c = L.subtract(BigInteger.TWO.pow(252));
        for (BigInteger t : new BigInteger[] {
            half,
            half.subtract(BigInteger.ONE),
            half.add(c),
            half.add(c).add(BigInteger.ONE),
            BigInteger.TWO.pow(252).subtract(BigInteger.ONE),
            c.add(BigInteger.ONE), // L - t is 2^252 - 1
            BigInteger.TWO.pow(128).subtract(BigInteger.ONE),
            BigInteger.TWO.pow(192),
        }) {
            write(0, t);
            scalars.clampedTo(memory, 0, memory, 64);
            assertStandsFor(t.shiftLeft(3));
        }
    }

    @Test
    void noFactorIsLeftBehind() {
        random.fill(memory);
        scalars.start(memory, 0);
        scalars.blind(memory, 0, memory, 32);
        scalars.wipe();
        assertThat(scalars.factor().toArray(JAVA_BYTE)).containsOnly(0);
    }

    private void assertStandsFor(BigInteger product) {
        final BigInteger scalar = read(64);
        assertThat(scalar.bitLength()).isEqualTo(255);
        assertThat(scalar.and(BigInteger.valueOf(7))).isEqualTo(BigInteger.ZERO);
        assertThat(scalar.mod(L)).isIn(product.mod(L), L.subtract(product.mod(L)));
    }

    private BigInteger clamped(long position) {
        return read(position).clearBit(0).clearBit(1).clearBit(2).clearBit(255).setBit(254);
    }

    private BigInteger read(long position) {
        final byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[31 - i] = memory.get(JAVA_BYTE, position + i);
        }
        return new BigInteger(1, bigEndian);
    }

    private void write(long position, BigInteger number) {
        for (int i = 0; i < 32; i++) {
            memory.set(JAVA_BYTE, position + i, number.shiftRight(8 * i).byteValue());
        }
    }
}
