package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.text.Shown;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Characters that turn, hide or overwrite text leave the program escaped. */
class ShownOutputTest {
    private static final List<Integer> DECEPTIVE = List.of(
            0x00, 0x07, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029,
            0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0x3164, 0xd800,
            0xe000, 0xe0041, 0xfffff);

    @Test
    void noWayOutOfTheProgramPrintsThemRaw() {
        for (int each : DECEPTIVE) {
            final String foreign = "a" + Character.toString(each) + "b";
            final StringWriter out = new StringWriter();
            final StringWriter err = new StringWriter();
            final Output people = new Output(new PrintWriter(out), new PrintWriter(err), false);
            people.line(foreign);
            people.note(foreign);
            people.table(new Table("name").row(foreign));
            new Output(new PrintWriter(out), new PrintWriter(err), true).object(Map.of("name", foreign));

            final String all = out.toString() + err;
            assertThat(all.lines().allMatch(Shown::isPlain))
                    .as("U+%x: %s", each, all)
                    .isTrue();
            assertThat(err.toString().lines()).hasSize(1);
            assertThat(out.toString().lines()).hasSize(5);
        }
    }
}
