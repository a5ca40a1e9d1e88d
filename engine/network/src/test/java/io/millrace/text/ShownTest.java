package io.millrace.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShownTest {
    private static final List<Integer> DECEPTIVE = List.of(
            0x00, 0x07, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029,
            0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0x3164, 0xd800,
            0xe000, 0xe0041, 0xfffff);

    @Test
    void escapesCharactersThatTurnHideOrOverwriteText() {
        assertThat(Shown.of("invoice" + (char) 0x202e + "gpj.exe")).isEqualTo("invoice\\u202egpj.exe");
        assertThat(Shown.of("two\nlines")).isEqualTo("two\\u000alines");
        assertThat(Shown.of("a" + Character.toString(0xe0041))).isEqualTo("a\\u{e0041}");
        for (int each : DECEPTIVE) {
            assertThat(Shown.isPlain("a" + Character.toString(each) + "b"))
                    .as("U+%x", each)
                    .isFalse();
            assertThat(Shown.isPlain(Shown.of("a" + Character.toString(each) + "b")))
                    .isTrue();
        }
    }

    @Test
    void keepsEverythingThatPeopleWrite() {
        for (String text : List.of(
                "plain.txt",
                "\u00dcber uns",
                "\u65e5\u672c\u8a9e",
                "\u0627\u0644\u0639",
                "\ud83d\ude00",
                "a\u00a0b",
                "e\u0301")) {
            assertThat(Shown.of(text)).isEqualTo(text);
            assertThat(Shown.isPlain(text)).isTrue();
        }
    }
}
