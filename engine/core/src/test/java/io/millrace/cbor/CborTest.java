package io.millrace.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {
    private static final HexFormat HEX = HexFormat.of();

    /** Numbers of RFC 8949 appendix A. */
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "10, 0a",
        "23, 17",
        "24, 1818",
        "25, 1819",
        "100, 1864",
        "1000, 1903e8",
        "1000000, 1a000f4240",
        "1000000000000, 1b000000e8d4a51000"
    })
    void writesAndReadsTheNumbersOfAppendixA(long value, String hex) {
        assertThat(written(writer -> writer.unsigned(value))).isEqualTo(hex);
        assertThat(reader(hex).unsigned(Long.MAX_VALUE)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"-1, 20", "-10, 29", "-100, 3863", "-1000, 3903e7", "7, 07"})
    void writesTheNegativeNumbersOfAppendixA(long value, String hex) {
        assertThat(written(writer -> writer.signed(value))).isEqualTo(hex);
    }

    @Test
    void writesTheLargestNumber() {
        assertThat(written(writer -> writer.unsigned(-1L))).isEqualTo("1bffffffffffffffff");
        assertThat(reader("1bffffffffffffffff").unsigned(Long.MAX_VALUE)).isZero();
    }

    @Test
    void writesAndReadsAStructure() {
        final String hex = written(writer -> writer.array(5)
                .bytes(HEX.parseHex("01020304"))
                .text("\u00fc\ud800\udd51")
                .bool(true)
                .nil()
                .map(1)
                .unsigned(1)
                .array(0));

        assertThat(hex).isEqualTo("85" + "4401020304" + "66c3bcf0908591" + "f5" + "f6" + "a10180");
        final CborReader reader = reader(hex);
        reader.arrayOf(5);
        assertThat(reader.exactly(4)).isEqualTo(HEX.parseHex("01020304"));
        assertThat(reader.text(100)).isEqualTo("\u00fc\ud800\udd51");
        assertThat(reader.bool()).isTrue();
        assertThat(reader.takeNull()).isTrue();
        assertThat(reader.map(1)).isEqualTo(1);
        assertThat(reader.unsigned(1)).isEqualTo(1);
        assertThat(reader.array(3)).isZero();
        assertThat(reader.finish()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1817",
                "190017",
                "1900ff",
                "1a0000ffff",
                "1b00000000ffffffff",
                "18",
                "19ff",
                "1c",
                "1d",
                "1e",
                "1f",
                "20",
                "40",
                "f6",
                "f97e00",
                "c100",
                "1bffffffffffffffff"
            })
    void refusesWhatIsNoNumberInItsShortestForm(String hex) {
        final CborReader reader = reader(hex);

        assertThat(reader.unsigned(Long.MAX_VALUE)).isZero();
        assertThat(reader.failed()).isTrue();
        assertThat(reader.finish()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5f4101ff", "580101", "4201", "6101", "43010203"})
    void refusesByteStringsThatAreLongerOrShorterThanTheyMayBe(String hex) {
        final CborReader reader = reader(hex);

        assertThat(reader.bytes(2)).isEmpty();
        assertThat(reader.failed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"61ff", "62c080", "63eda080", "7f6161ff", "64f4908080"})
    void refusesTextThatIsNotUtf8(String hex) {
        final CborReader reader = reader(hex);

        assertThat(reader.text(100)).isEmpty();
        assertThat(reader.failed()).isTrue();
    }

    @Test
    void refusesWhatFollows() {
        final CborReader reader = reader("0000");

        reader.unsigned(0);
        assertThat(reader.finish()).isFalse();
        reader.unsigned(0);
        assertThat(reader.finish()).isTrue();
    }

    @Test
    void oncefailedItStaysFailed() {
        final CborReader reader = reader("4100" + "00");

        reader.unsigned(5);
        assertThat(reader.unsigned(5)).isZero();
        assertThat(reader.bytes(5)).isEmpty();
        assertThat(reader.array(5)).isZero();
        assertThat(reader.bool()).isFalse();
        assertThat(reader.takeNull()).isFalse();
        assertThat(reader.peekMajor()).isEqualTo(-1);
        assertThat(reader.finish()).isFalse();
    }

    @Test
    void everyEncodingIsTheOnlyOneThatIsRead() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        final byte[] bytes = new byte[24];
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(bytes);
            final CborReader reader = new CborReader().wrap(MemorySegment.ofArray(bytes));
            final CborWriter writer = new CborWriter().wrap(MemorySegment.ofArray(new byte[64]), 0);
            copyItem(reader, writer);
            if (!reader.failed()) {
                assertThat(writer.written().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                        .as("seed=" + seed)
                        .isEqualTo(java.util.Arrays.copyOf(bytes, (int) reader.position()));
            }
        }
    }

    private static void copyItem(CborReader reader, CborWriter writer) {
        switch (reader.peekMajor()) {
            case Cbor.UNSIGNED -> writer.unsigned(reader.unsigned(Long.MAX_VALUE));
            case Cbor.BYTES -> writer.bytes(reader.bytes(24));
            case Cbor.TEXT -> writer.text(reader.text(24));
            case Cbor.ARRAY -> writer.array(reader.array(24));
            case Cbor.MAP -> writer.map(reader.map(24));
            default -> reader.fail();
        }
    }

    private static String written(Consumer<CborWriter> writing) {
        final CborWriter writer = new CborWriter().wrap(MemorySegment.ofArray(new byte[100]), 3);
        writing.accept(writer);
        assertThat(writer.length()).isEqualTo(writer.position() - 3);
        return HEX.formatHex(writer.written().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
    }

    private static CborReader reader(String hex) {
        return new CborReader().wrap(MemorySegment.ofArray(HEX.parseHex(hex)));
    }
}
