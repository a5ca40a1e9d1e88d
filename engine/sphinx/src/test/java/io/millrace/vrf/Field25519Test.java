package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every operation against {@link BigInteger}, over random values and all around the edges. */
class Field25519Test {
    private static final long SEED = 1305;
    private static final BigInteger P = Field25519.P;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment bytes = arena.allocate(64);
    private final Field25519 field = new Field25519();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void agreesWithBigIntegers() {
        final List<BigInteger> values = values();
        for (BigInteger a : values) {
            final long[] x = read(a);
            assertThat(value(x)).isEqualTo(a.mod(P));
            assertThat(field.sgn0(x)).isEqualTo(a.mod(P).testBit(0) ? 1 : 0);
            assertThat(field.zeroMask(x)).isEqualTo(a.mod(P).signum() == 0 ? -1 : 0);
            assertThat(field.isCanonical(x)).isEqualTo(a.compareTo(P) < 0);
            final long[] out = Field25519.element();
            field.invert(out, x);
            assertThat(value(out)).isEqualTo(a.modPow(P.subtract(BigInteger.TWO), P));
            field.pow22523(out, x);
            assertThat(value(out))
                    .isEqualTo(a.modPow(P.subtract(BigInteger.valueOf(5)).shiftRight(3), P));
            Field25519.square(out, x);
            assertThat(value(out)).isEqualTo(a.multiply(a).mod(P));
            for (BigInteger b : values) {
                final long[] y = read(b);
                Field25519.add(out, x, y);
                assertThat(value(out)).isEqualTo(a.add(b).mod(P));
                Field25519.sub(out, x, y);
                assertThat(value(out)).isEqualTo(a.subtract(b).mod(P));
                Field25519.mul(out, x, y);
                assertThat(value(out)).isEqualTo(a.multiply(b).mod(P));
                assertThat(field.equalMask(x, y)).isEqualTo(a.mod(P).equals(b.mod(P)) ? -1 : 0);
                Field25519.cmov(x, y, 0);
                assertThat(value(x)).isEqualTo(a.mod(P));
                Field25519.copy(out, x);
                Field25519.cmov(out, y, -1);
                assertThat(out).containsExactly(y);
            }
        }
    }

    @Test
    void keepsItsLimbBoundsOnTheWorstLimbs() {
        // The largest limbs an operation may leave, far above anything that bytes can give.
        final long[] worst = {(1L << 52) - 1, (1L << 52) - 1, (1L << 52) - 1, (1L << 52) - 1, (1L << 52) - 1};
        final BigInteger a = number(worst);
        final long[] out = Field25519.element();
        Field25519.mul(out, worst, worst);
        assertThat(value(out)).isEqualTo(a.multiply(a).mod(P));
        Field25519.square(out, worst);
        assertThat(value(out)).isEqualTo(a.multiply(a).mod(P));
        Field25519.sub(out, Field25519.element(), worst);
        assertThat(value(out)).isEqualTo(a.negate().mod(P));
        Field25519.add(out, worst, worst);
        assertThat(value(out)).isEqualTo(a.add(a).mod(P));
        assertThat(Arrays.stream(out)).allMatch(limb -> limb >= 0 && limb < 1L << 52);
    }

    @Test
    void survivesLongChainsOfOperations() {
        final Random random = new Random(SEED);
        BigInteger a = new BigInteger(255, random);
        BigInteger b = new BigInteger(255, random);
        final long[] x = read(a);
        final long[] y = read(b);
        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    Field25519.mul(x, x, y);
                    a = a.multiply(b).mod(P);
                }
                case 1 -> {
                    Field25519.add(y, x, y);
                    b = a.add(b).mod(P);
                }
                case 2 -> {
                    Field25519.sub(x, y, x);
                    a = b.subtract(a).mod(P);
                }
                default -> {
                    Field25519.square(y, y);
                    b = b.multiply(b).mod(P);
                }
            }
            assertThat(number(x).mod(P)).as("step %d of seed %d", i, SEED).isEqualTo(a);
            assertThat(number(y).mod(P)).as("step %d of seed %d", i, SEED).isEqualTo(b);
        }
    }

    @Test
    void reducesFortyEightUniformBytes() {
        final Random random = new Random(SEED);
        final byte[] uniform = new byte[48];
        for (int i = 0; i < 1_000; i++) {
            random.nextBytes(uniform);
            if (i < 3) {
                Arrays.fill(uniform, (byte) (i - 1)); // all ones, all zeros, all 0x01
            }
            MemorySegment.copy(uniform, 0, bytes, ValueLayout.JAVA_BYTE, 0, 48);
            final long[] out = Field25519.element();
            Field25519.fromUniform48(out, bytes, 0);
            assertThat(value(out)).isEqualTo(new BigInteger(1, uniform).mod(P));
        }
    }

    /** Numbers below 2^255, those from p on included. */
    private static List<BigInteger> values() {
        final List<BigInteger> values = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            values.add(BigInteger.valueOf(i));
            values.add(P.subtract(BigInteger.valueOf(i)));
            if (i < 19) {
                values.add(P.add(BigInteger.valueOf(i)));
            }
        }
        for (int limb = 0; limb < 5; limb++) {
            values.add(BigInteger.TWO.pow(51 * limb + 50));
            values.add(BigInteger.TWO.pow(51 * limb + 51).subtract(BigInteger.ONE));
        }
        final Random random = new Random(SEED);
        for (int i = 0; i < 40; i++) {
            values.add(new BigInteger(255, random));
        }
        return values;
    }

    private long[] read(BigInteger number) {
        bytes.copyFrom(MemorySegment.ofArray(Edwards25519Model.littleEndian(number, 32)));
        final long[] element = Field25519.element();
        Field25519.fromBytes(element, bytes, 0);
        return element;
    }

    private BigInteger value(long[] element) {
        field.toBytes(element, bytes, 32);
        final BigInteger value = Edwards25519Model.number(bytes.asSlice(32, 32).toArray(ValueLayout.JAVA_BYTE), 32);
        assertThat(value).isLessThan(P);
        return value;
    }

    private static BigInteger number(long[] limbs) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 4; i >= 0; i--) {
            number = number.shiftLeft(51).add(BigInteger.valueOf(limbs[i]));
        }
        return number;
    }
}
