package io.millrace.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HexTextTest {
    @Test
    void capitalsAreTheSameValue() {
        assertThat(HexText.parse("00aAFf", 3))
                .isEqualTo(HexText.parse("00AAFF", 3))
                .containsExactly(0, 0xAA, 0xFF);
        assertThat(HexText.canonical("00AAfF", 3)).isEqualTo("00aaff");
        assertThat(HexText.parse("aA")).containsExactly(0xAA);
        assertThat(HexText.parse("")).isEmpty();
    }

    @Test
    void refusesAllElseWithoutQuotingIt() {
        for (String text :
                List.of("", "0", "00ff0", "00ff0g", "00ff000", " 00ff0", "+0ff00", "0x00ff", "\uff10\uff10aaff")) {
            assertThatThrownBy(() -> HexText.parse(text, 3))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("must be 3 bytes in hex");
        }
        assertThatThrownBy(() -> HexText.parse("abc")).hasMessage("must be hexadecimal digits, two a byte");
    }
}
