package io.millrace.cli.stat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScreenTest {
    @Test
    void drawsInPlaceOnTheSecondScreenAndGivesTheFirstBack() {
        final StringWriter written = new StringWriter();
        try (Screen screen = new Screen(new PrintWriter(written))) {
            screen.draw(List.of("one", "two", "three"), 80, 2);
            assertThat(written.toString())
                    .isEqualTo(
                            "\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J" + "\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J");
        }
        assertThat(written.toString()).endsWith("\u001b[0m\u001b[?25h\u001b[?1049l");
    }

    @Test
    void cutsLinesAtTheWidthWithoutCountingColours() {
        assertThat(Screen.clip("abcdef", 4)).isEqualTo("abcd");
        assertThat(Screen.clip("abc", 4)).isEqualTo("abc");
        assertThat(Screen.clip("ab\u001b[31;1mcdef\u001b[0mgh", 3)).isEqualTo("ab\u001b[31;1mc\u001b[0m");
        assertThat(Screen.clip("\ud83d\ude00\ud83d\ude00x", 1)).isEqualTo("\ud83d\ude00");
    }
}
