package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of RFC 4231, whole and in parts, and every wrong bit of a tag. */
class HmacSha256Test {
    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final MemorySegment tag = arena.allocate(32);

    static Stream<Arguments> rfc4231Section4() {
        return Stream.of(
                Arguments.of(
                        "0b".repeat(20),
                        ascii("Hi There"),
                        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
                Arguments.of(
                        ascii("Jefe"),
                        ascii("what do ya want for nothing?"),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
                Arguments.of(
                        "aa".repeat(20),
                        "dd".repeat(50),
                        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
                Arguments.of(
                        "0102030405060708090a0b0c0d0e0f10111213141516171819",
                        "cd".repeat(50),
                        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
                // Test case 5 truncates the tag, which this facade refuses; its first half is that of the RFC.
                Arguments.of(
                        "0c".repeat(20),
                        ascii("Test With Truncation"),
                        "a3b6167473100ee06e0c796c2955552bfa6f7c0a6a8aef8b93f860aab0cd20c5"),
                Arguments.of(
                        "aa".repeat(131),
                        ascii("Test Using Larger Than Block-Size Key - Hash Key First"),
                        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
                Arguments.of(
                        "aa".repeat(131),
                        ascii("This is a test using a larger than block-size key and a larger than block-size data."
                                + " The key needs to be hashed before being used by the HMAC algorithm."),
                        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"));
    }

    @ParameterizedTest
    @MethodSource
    void rfc4231Section4(String keyHex, String dataHex, String expected) {
        final MemorySegment key = Bytes.of(arena, keyHex);
        final MemorySegment data = Bytes.of(arena, dataHex);

        for (int cut = 0; cut <= data.byteSize(); cut++) {
            HmacSha256.tag(tag, key, data.asSlice(0, cut), data.asSlice(cut));
            assertThat(Bytes.hex(tag)).isEqualTo(expected);
        }
        assertThat(HmacSha256.verify(tag, key, data)).isTrue();
    }

    @Test
    void rejectsEverySingleBitFlipOfTheTag() {
        final MemorySegment key = Bytes.of(arena, "0b".repeat(32));
        final MemorySegment data = Bytes.of(arena, ascii("data"));
        HmacSha256.tag(tag, key, data);
        for (int bit = 0; bit < 256; bit++) {
            Bytes.flip(tag, bit);
            assertThat(HmacSha256.verify(tag, key, data)).isFalse();
            Bytes.flip(tag, bit);
        }
        assertThat(HmacSha256.verify(tag, key, data)).isTrue();
    }

    @Test
    void refusesATruncatedTag() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HmacSha256.verify(arena.allocate(16), tag, tag))
                .withMessageContaining("tagLength=16");
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
