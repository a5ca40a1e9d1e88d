package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of RFC 5869 and the limits of HKDF. */
class HkdfTest {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    static Stream<Arguments> rfc5869AppendixA1ToA3() {
        return Stream.of(
                Arguments.of(
                        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
                        "000102030405060708090a0b0c",
                        "f0f1f2f3f4f5f6f7f8f9",
                        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
                        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"),
                Arguments.of(
                        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b"
                                + "2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
                        "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b"
                                + "8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
                        "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadb"
                                + "dcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
                        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
                        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
                                + "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"),
                Arguments.of(
                        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
                        "",
                        "",
                        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
                        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
    }

    @ParameterizedTest
    @MethodSource
    void rfc5869AppendixA1ToA3(String ikm, String salt, String info, String expectedPrk, String expectedOkm) {
        final MemorySegment prk = arena.allocate(32);
        final MemorySegment okm = arena.allocate(expectedOkm.length() / 2);

        Hkdf.extract(prk, Bytes.of(arena, salt), Bytes.of(arena, ikm));
        Hkdf.expand(okm, prk, Bytes.of(arena, info));

        assertThat(Bytes.hex(prk)).isEqualTo(expectedPrk);
        assertThat(Bytes.hex(okm)).isEqualTo(expectedOkm);

        okm.fill((byte) 0);
        Hkdf.derive(okm, Bytes.of(arena, salt), Bytes.of(arena, ikm), Bytes.of(arena, info));
        assertThat(Bytes.hex(okm)).isEqualTo(expectedOkm);
    }

    @Test
    void takesAnEmptySaltAs32ZeroBytes() {
        final MemorySegment empty = arena.allocate(32);
        final MemorySegment zeros = arena.allocate(32);
        final MemorySegment ikm = arena.allocate(32).fill((byte) 5);

        Hkdf.extract(empty, MemorySegment.NULL, ikm);
        Hkdf.extract(zeros, arena.allocate(32), ikm);

        assertThat(Bytes.hex(empty)).isEqualTo(Bytes.hex(zeros));
    }

    @Test
    void givesAtMost255Blocks() {
        final MemorySegment prk = arena.allocate(32);
        final MemorySegment longest = arena.allocate(255 * 32);

        Hkdf.expand(longest, prk, MemorySegment.NULL);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hkdf.expand(arena.allocate(255 * 32 + 1), prk, MemorySegment.NULL))
                .withMessageContaining("okmLength=8161");
    }

    @Test
    void givesPrefixesOfOneStreamForEveryLength() {
        final MemorySegment prk = arena.allocate(32).fill((byte) 9);
        final MemorySegment whole = arena.allocate(100);
        Hkdf.expand(whole, prk, MemorySegment.NULL);
        for (int length = 0; length <= 100; length++) {
            final MemorySegment okm = arena.allocate(length + 1);
            Hkdf.expand(okm.asSlice(0, length), prk, MemorySegment.NULL);
            assertThat(Bytes.hex(okm)).isEqualTo(Bytes.hex(whole.asSlice(0, length)) + "00");
        }
    }

    @Test
    void refusesAShortPseudorandomKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hkdf.expand(arena.allocate(32), arena.allocate(31), MemorySegment.NULL))
                .withMessageContaining("prkLength=31");
    }
}
