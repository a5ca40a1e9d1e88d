package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.vrf.Edwards25519Model.Point;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CurvePointTest {
    private static final long SEED = 8032;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment bytes = arena.allocate(48);
    private final CurvePoint point = new CurvePoint();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void decodesStrictlyWhatTheModelDecodes() {
        final Random random = new Random(SEED);
        int decoded = 0;
        for (int i = 0; i < 2_000; i++) {
            final BigInteger number = i < 400 ? edge(i) : new BigInteger(256, random);
            final Point expected = Edwards25519Model.decode(Edwards25519Model.littleEndian(number, 32));
            write(Edwards25519Model.littleEndian(number, 32));
            assertThat(point.decode(bytes, 0)).as("encoding %x", number).isEqualTo(expected != null);
            if (expected != null) {
                decoded++;
                assertThat(encoded()).isEqualTo(expected.encode());
                assertThat(point.isIdentity()).isEqualTo(expected.equals(Edwards25519Model.IDENTITY));
                point.doublePoint();
                assertThat(encoded()).isEqualTo(expected.plus(expected).encode());
            }
        }
        assertThat(decoded).isBetween(800, 1200);
    }

    @Test
    void clearsTheCofactorOfEveryTorsionPoint() {
        for (Point torsion : Edwards25519Model.torsion()) {
            write(torsion.encode());
            assertThat(point.decode(bytes, 0)).isTrue();
            point.clearCofactor();
            assertThat(point.isIdentity()).isTrue();

            final Point mixed = torsion.plus(Edwards25519Model.BASE);
            write(mixed.encode());
            assertThat(point.decode(bytes, 0)).isTrue();
            point.clearCofactor();
            assertThat(point.isIdentity()).isFalse();
            assertThat(encoded()).isEqualTo(mixed.times8().encode());
        }
    }

    static Iterable<Map<String, String>> rfc9380() {
        return VectorText.read("rfc9380.txt");
    }

    @ParameterizedTest
    @MethodSource("rfc9380")
    void mapsAsRfc9380AppendixJ52(Map<String, String> vector) {
        map(number(vector, "u"));
        assertThat(encoded()).isEqualTo(new Point(number(vector, "Qx"), number(vector, "Qy")).encode());

        point.clearCofactor();
        assertThat(encoded()).isEqualTo(new Point(number(vector, "Px"), number(vector, "Py")).encode());
    }

    @Test
    void mapsAsTheModelMaps() {
        final Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            final BigInteger u = i < 60 ? edge(i).mod(Edwards25519Model.P) : new BigInteger(254, random);
            map(u);
            assertThat(encoded())
                    .as("u = %x", u)
                    .isEqualTo(Edwards25519Model.mapToCurve(u).encode());
        }
    }

    private void map(BigInteger u) {
        for (int i = 0; i < 48; i++) {
            bytes.set(ValueLayout.JAVA_BYTE, i, u.shiftRight(8 * (47 - i)).byteValue());
        }
        point.mapToCurve(bytes, 0);
    }

    private byte[] encoded() {
        point.encode(bytes, 0);
        return bytes.asSlice(0, 32).toArray(ValueLayout.JAVA_BYTE);
    }

    private void write(byte[] encoded) {
        MemorySegment.copy(encoded, 0, bytes, ValueLayout.JAVA_BYTE, 0, encoded.length);
    }

    /** 0 to 399: small y, y around p and around 2^255, each with both signs. */
    private static BigInteger edge(int index) {
        final BigInteger offset = BigInteger.valueOf(index / 4);
        final BigInteger y = index % 4 < 2
                ? offset
                : BigInteger.TWO.pow(255).subtract(BigInteger.ONE).subtract(offset);
        return index % 2 == 0 ? y : y.setBit(255);
    }

    private static BigInteger number(Map<String, String> vector, String name) {
        return new BigInteger(vector.get(name), 16);
    }
}
