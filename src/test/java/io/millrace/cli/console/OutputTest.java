package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void underJsonOnlyTheObjectReachesStdout() {
        final Output output = output(true);

        output.line("a line");
        output.table(new Table("h").row("cell"));
        output.note("a note");
        output.object(Map.of("n", 1));

        assertThat(out.toString().strip()).isEqualTo("{\"n\":1}");
        assertThat(err.toString().strip()).isEqualTo("a note");
    }

    @Test
    void withoutJsonTheObjectIsLeftOut() {
        final Output output = output(false);

        output.line("a line");
        output.object(Map.of("n", 1));

        assertThat(out.toString().strip()).isEqualTo("a line");
    }

    @Test
    void refusesASecondObject() {
        final Output output = output(true);
        output.object(Map.of());

        assertThatThrownBy(() -> output.object(Map.of())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTableAlignsNumbersRightAndCutsNothing() {
        final String wide = "x".repeat(300);

        assertThat(new Table("name", "count").row("a", 1).row(wide, 1000).text())
                .contains(" a ", "     1", " 1,000", wide)
                .doesNotContain(" \n");
    }

    private Output output(boolean json) {
        return new Output(new PrintWriter(out), new PrintWriter(err), json);
    }
}
