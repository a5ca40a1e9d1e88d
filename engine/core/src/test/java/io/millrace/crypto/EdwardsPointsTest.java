package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Group laws, and which encodings are points. */
class EdwardsPointsTest {
    private static final String IDENTITY = "0100000000000000000000000000000000000000000000000000000000000000";
    private static final String BASE = "5866666666666666666666666666666666666666666666666666666666666666";
    private static final String ORDER_8 = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment out = arena.allocate(32);
    private final MemorySegment base = Bytes.of(arena, BASE);
    private final MemorySegment identity = Bytes.of(arena, IDENTITY);
    private final MemorySegment torsion = Bytes.of(arena, ORDER_8);

    @Test
    void multiplesOfTheBasePointAreItsSums() {
        final MemorySegment sum = arena.allocate(32).copyFrom(base);
        for (int n = 1; n <= 32; n++) {
            assertThat(EdwardsPoints.multiplyBase(out, scalar(n))).isTrue();
            assertThat(Bytes.hex(out)).isEqualTo(Bytes.hex(sum));
            assertThat(EdwardsPoints.multiply(out, scalar(n), base)).isTrue();
            assertThat(Bytes.hex(out)).isEqualTo(Bytes.hex(sum));
            assertThat(EdwardsPoints.add(sum, sum, base)).isTrue();
        }
    }

    @Test
    void scalarsAreNotClamped() {
        // The scalar 1 with bits that clamping would change: it must give the base point itself.
        assertThat(EdwardsPoints.multiplyBase(out, scalar(1))).isTrue();

        assertThat(Bytes.hex(out)).isEqualTo(BASE);
    }

    @Test
    void subtractionUndoesAddition() {
        final MemorySegment p = arena.allocate(32);
        EdwardsPoints.multiplyBase(p, scalar(12345));

        EdwardsPoints.add(out, p, base);
        EdwardsPoints.subtract(out, out, base);

        assertThat(Bytes.hex(out)).isEqualTo(Bytes.hex(p));
        EdwardsPoints.subtract(out, p, p);
        assertThat(EdwardsPoints.isIdentity(out)).isTrue();
        assertThat(EdwardsPoints.isIdentity(p)).isFalse();
    }

    @Test
    void saysSoWhereTheResultIsTheIdentity() {
        final MemorySegment order = arena.allocate(32);
        LittleEndian.write(order, LittleEndian.GROUP_ORDER);

        assertThat(EdwardsPoints.multiplyBase(out, scalar(0))).isFalse();
        assertThat(EdwardsPoints.multiply(out, scalar(0), base)).isFalse();
        assertThat(EdwardsPoints.multiplyBase(out, order)).isFalse();
        assertThat(EdwardsPoints.multiply(out, order, base)).isFalse();
    }

    @Test
    void theCofactorClearsTorsion() {
        final MemorySegment mixed = arena.allocate(32);
        assertThat(EdwardsPoints.add(mixed, base, torsion)).isTrue();
        assertThat(EdwardsPoints.isInSubgroup(mixed)).isFalse();
        assertThat(EdwardsPoints.multiply(out, scalar(3), mixed)).isFalse();

        assertThat(EdwardsPoints.multiplyByCofactor(mixed, mixed)).isTrue();

        EdwardsPoints.multiplyBase(out, scalar(8));
        assertThat(Bytes.hex(mixed)).isEqualTo(Bytes.hex(out));
        assertThat(EdwardsPoints.multiplyByCofactor(out, torsion)).isTrue();
        assertThat(EdwardsPoints.isIdentity(out)).isTrue();
    }

    @Test
    void decodesEveryPointThatItEncodes() {
        final MemorySegment p = arena.allocate(32).copyFrom(torsion);
        for (int n = 1; n <= 64; n++) {
            assertThat(EdwardsPoints.decode(out, p)).isTrue();
            assertThat(Bytes.hex(out)).isEqualTo(Bytes.hex(p));
            EdwardsPoints.add(p, p, base);
        }
        assertThat(EdwardsPoints.decode(out, identity)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // y = 2 is not on the curve; p and p + 1 are 0 and 1; x = 0 has no negative.
                "0200000000000000000000000000000000000000000000000000000000000000",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0100000000000000000000000000000000000000000000000000000000000080",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            })
    void decodesNothingElse(String encoding) {
        assertThat(EdwardsPoints.decode(out, Bytes.of(arena, encoding))).isFalse();
        assertThat(EdwardsPoints.isInSubgroup(Bytes.of(arena, encoding))).isFalse();
    }

    @Test
    void decodesEachNonCanonicalYOnlyInItsCanonicalForm() {
        final BigInteger p = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        final MemorySegment nonCanonical = arena.allocate(32);
        for (int y = 0; y < 19; y++) {
            LittleEndian.write(nonCanonical, p.add(BigInteger.valueOf(y)));
            assertThat(EdwardsPoints.decode(out, nonCanonical))
                    .as("y = p + %d", y)
                    .isFalse();
        }
    }

    @Test
    void refusesToDecodeInPlace() {
        assertThatIllegalArgumentException().isThrownBy(() -> EdwardsPoints.decode(base, base));
    }

    @Test
    void smallOrderIsNotInTheSubgroup() {
        assertThat(EdwardsPoints.isInSubgroup(base)).isTrue();
        assertThat(EdwardsPoints.isInSubgroup(identity)).isFalse();
        assertThat(EdwardsPoints.isInSubgroup(torsion)).isFalse();
    }

    @Test
    void mapsUniformBytesIntoTheSubgroup() {
        final long seed = 20;
        final Randomness randomness = new SeededRandomness(seed);
        final MemorySegment uniform = arena.allocate(32);
        for (int i = 0; i < 100; i++) {
            randomness.fill(uniform);
            EdwardsPoints.fromUniform(out, uniform);
            assertThat(EdwardsPoints.isInSubgroup(out))
                    .as("seed %d, input %d", seed, i)
                    .isTrue();
        }
    }

    private MemorySegment scalar(long value) {
        final MemorySegment scalar = arena.allocate(32);
        LittleEndian.write(scalar, BigInteger.valueOf(value));
        return scalar;
    }
}
