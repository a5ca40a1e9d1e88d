package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.text.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that is not TOML: the error names the line and the reason, and quotes nothing of it. */
class TomlFaultTest {
    private static final String SECRET = "c0ffee";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[relay];name = c0ffee | 2 | , column 8: no key, table or value begins here; a text needs quotes",
                "[relay];name : \"c0ffee\" | 2 | , column 5: no key, table or value begins here",
                "[relay];name = \"c0ffee | 2 | , column 15: the file ends before a value or its closing quotes",
                "[relay];c0ffee = | 2 | , column 9: the file ends before a value",
                "[relay];name = \"c0ffee;listen = \"x\" | 2 | , column 15: the line ends before the closing quotes",
                "[relay;name = \"c0ffee\" | 1 | , column 7: the line ends before the closing quotes or bracket",
                "[relay];name = \"a\";name = \"c0ffee\";; # a comment;[engine] | 3 | : the table has this key twice",
                "[relay];name = \"a\";name = \"c0ffee\" | 3 | : the table has this key twice",
                "[relay];c0ffee.b = 1;c0ffee = 2 # a comment | 3 | : the table has this key twice",
                "[c0ffee];[c0ffee] | 2 | , column 8: the file has this table twice",
                "[[c0ffee]];[c0ffee] | 2 | , column 8: the file has this name already, with another kind of value",
                "[relay];name = \"\\c0ffee\" | 2 | , column 9: unknown character after a backslash",
                "[relay];number = 01 | 2 | , column 10: a number must not begin with 0",
                "listen = 127.0.0.1:80 | 1 | , column 15: text after the end of the value; a text needs quotes",
                "name = \"c0ffee\" key = 1 | 1 | , column 17: text after the end of the value",
                "name = \"c0ffee\u0001\" | 1 | , column 15: a control character",
                "c0ffee = {b = 1,} | 1 | , column 17: a comma before the closing bracket",
                "= c0ffee | 1 | , column 1: a key, an equals sign, a value or a bracket is missing",
                "[relay]] | 1 | , column 9: a key, an equals sign, a value or a bracket is missing",
            })
    void namesLineAndReason(String text, int line, String reason) throws IOException {
        final Path file = Files.writeString(folder.resolve("r1.toml"), text.replace(";", "\n"));

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ":" + line + ": not valid TOML" + reason)
                .hasMessageNotContaining(SECRET);
    }
}
