package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerLinesTest {
    @Test
    void writesEachLineAtOnce() throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        new AnswerLines(out).println("ready \u00e9");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ready \u00e9\n");
    }

    @Test
    void aLineThatCannotBeWrittenIsAnException() {
        final AnswerLines answers = new AnswerLines(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        assertThatThrownBy(() -> answers.println("ready")).hasMessage("Broken pipe");
    }
}
