package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of RFC 7748, and the points that X25519 must refuse or must not. */
class X25519KeysTest {
    private static final String BASE_POINT = "0900000000000000000000000000000000000000000000000000000000000000";

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment out = arena.allocate(32);

    @ParameterizedTest
    @CsvSource({
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4,"
                + "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c,"
                + "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d,"
                + "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493,"
                + "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    })
    void matchesRfc7748Section52(String scalar, String u, String expected) {
        assertThat(multiply(scalar, u)).isTrue();
        assertThat(Bytes.hex(out)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
        "1000, 684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
    })
    void matchesRfc7748Section52Iterated(int rounds, String expected) {
        final MemorySegment k = Bytes.of(arena, BASE_POINT);
        final MemorySegment u = Bytes.of(arena, BASE_POINT);
        for (int i = 0; i < rounds; i++) {
            assertThat(X25519Keys.sharedSecret(out, k, u)).isTrue();
            u.copyFrom(k);
            k.copyFrom(out);
        }
        assertThat(Bytes.hex(out)).isEqualTo(expected);
    }

    @Test
    void matchesRfc7748Section61() {
        final MemorySegment alice = Bytes.of(arena, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        final MemorySegment bob = Bytes.of(arena, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
        final MemorySegment alicePublic = arena.allocate(32);
        final MemorySegment bobPublic = arena.allocate(32);

        X25519Keys.publicKey(alicePublic, alice);
        X25519Keys.publicKey(bobPublic, bob);

        assertThat(Bytes.hex(alicePublic))
                .isEqualTo("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
        assertThat(Bytes.hex(bobPublic)).isEqualTo("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        for (boolean aliceSide : new boolean[] {true, false}) {
            assertThat(X25519Keys.sharedSecret(out, aliceSide ? alice : bob, aliceSide ? bobPublic : alicePublic))
                    .isTrue();
            assertThat(Bytes.hex(out)).isEqualTo("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // u = 0, 1, the two of order 8, p - 1, p, p + 1; each also with bit 255 set.
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            })
    void refusesPointsOfLowOrder(String u) {
        final MemorySegment point = Bytes.of(arena, u);
        final MemorySegment secret = Bytes.of(arena, "77".repeat(32));

        assertThat(X25519Keys.sharedSecret(out, secret, point)).isFalse();
        Bytes.flip(point, 255);
        assertThat(X25519Keys.sharedSecret(out, secret, point)).isFalse();
    }

    @Test
    void acceptsNonCanonicalPointsAndIgnoresBit255() {
        // p + 9 and 9, with and without the top bit, are one point.
        final String expected = publicKeyOf("77".repeat(32));
        for (String u : new String[] {
            BASE_POINT,
            "0900000000000000000000000000000000000000000000000000000000000080",
            "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        }) {
            assertThat(multiply("77".repeat(32), u)).isTrue();
            assertThat(Bytes.hex(out)).isEqualTo(expected);
        }
    }

    @Test
    void clampsTheScalarWhenItIsUsed() {
        final String clamped = publicKeyOf("40" + "00".repeat(30) + "40");
        for (int bit : new int[] {0, 1, 2, 255}) {
            final MemorySegment scalar = Bytes.of(arena, "40" + "00".repeat(30) + "40");
            Bytes.flip(scalar, bit);
            X25519Keys.publicKey(out, scalar);
            assertThat(Bytes.hex(out)).as("bit %d of the scalar", bit).isEqualTo(clamped);
        }
    }

    private boolean multiply(String scalar, String u) {
        return X25519Keys.sharedSecret(out, Bytes.of(arena, scalar), Bytes.of(arena, u));
    }

    private String publicKeyOf(String scalar) {
        X25519Keys.publicKey(out, Bytes.of(arena, scalar));
        return Bytes.hex(out);
    }
}
