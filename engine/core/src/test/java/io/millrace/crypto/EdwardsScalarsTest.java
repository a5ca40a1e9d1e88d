package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Scalar arithmetic against big integers, over random and extreme values. */
class EdwardsScalarsTest {
    private static final BigInteger L = LittleEndian.GROUP_ORDER;
    private static final long SEED = 7;

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment x = arena.allocate(32);
    private final MemorySegment y = arena.allocate(32);
    private final MemorySegment out = arena.allocate(32);

    @Test
    void agreesWithBigIntegers() {
        final List<BigInteger> values = values();
        for (BigInteger a : values) {
            LittleEndian.write(x, a);
            EdwardsScalars.negate(out, x);
            assertResult(a.negate(), "-", a, a);
            if (a.mod(L).signum() != 0) {
                assertThat(EdwardsScalars.invert(out, x)).isTrue();
                assertResult(a.modInverse(L), "1 /", a, a);
            }
            assertThat(EdwardsScalars.isCanonical(x)).isEqualTo(a.compareTo(L) < 0);
            for (BigInteger b : values) {
                LittleEndian.write(y, b);
                EdwardsScalars.add(out, x, y);
                assertResult(a.add(b), "+", a, b);
                EdwardsScalars.subtract(out, x, y);
                assertResult(a.subtract(b), "-", a, b);
                EdwardsScalars.multiply(out, x, y);
                assertResult(a.multiply(b), "*", a, b);
            }
        }
    }

    @Test
    void reduces64Bytes() {
        final MemorySegment wide = arena.allocate(64);
        final Random random = new Random(SEED);
        final List<BigInteger> values =
                new ArrayList<>(List.of(BigInteger.TWO.pow(512).subtract(BigInteger.ONE), L, BigInteger.ZERO));
        for (int i = 0; i < 100; i++) {
            values.add(new BigInteger(512, random));
        }
        for (BigInteger value : values) {
            LittleEndian.write(wide, value);
            EdwardsScalars.reduce(out, wide);
            assertResult(value, "reduce", value, value);
        }
    }

    @Test
    void zeroHasNoInverse() {
        assertThat(EdwardsScalars.invert(out, x)).isFalse();
    }

    @Test
    void worksInPlace() {
        LittleEndian.write(x, BigInteger.valueOf(5));
        LittleEndian.write(y, BigInteger.valueOf(7));

        EdwardsScalars.multiply(x, x, y);
        EdwardsScalars.add(y, x, y);
        EdwardsScalars.negate(y, y);

        assertThat(LittleEndian.integer(y)).isEqualTo(L.subtract(BigInteger.valueOf(42)));
    }

    private void assertResult(BigInteger expected, String operation, BigInteger a, BigInteger b) {
        assertThat(LittleEndian.integer(out))
                .as("seed %d: %s %s %s", SEED, a, operation, b)
                .isEqualTo(expected.mod(L));
    }

    /** Extremes up to the documented bound of 2^255, and random values. */
    private static List<BigInteger> values() {
        final Random random = new Random(SEED);
        final List<BigInteger> values = new ArrayList<>(List.of(
                BigInteger.ZERO,
                BigInteger.ONE,
                L.subtract(BigInteger.ONE),
                L,
                L.add(BigInteger.ONE),
                BigInteger.TWO.pow(252),
                BigInteger.TWO.pow(255).subtract(BigInteger.ONE)));
        for (int i = 0; i < 20; i++) {
            values.add(new BigInteger(255, random));
        }
        return values;
    }
}
