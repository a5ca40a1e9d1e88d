package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.test.OwnerFile;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TomlLinesTest {
    private static final String TEXT = """
        # a comment = 1
        [relay]
        name = "r1"
          "listen" = '127.0.0.1:0'
        key = "r1.key"

        [engine] # the text below is no key
        delay = \"""
        slots = 9
        \"""
        slots = 3

        [[peer]]
        name = "r2"

        [[peer]]
        name = "r3"
        'address' = "127.0.0.1:1"
        """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "relay, 2",
        "relay.name, 3",
        "relay.listen, 4",
        "engine, 7",
        "engine.delay, 8",
        "engine.slots, 11",
        "engine.tick, 7",
        "peer, 13",
        "peer[1], 13",
        "peer[1].name, 14",
        "peer[2].name, 17",
        "peer[2].address, 18",
        "peer[2].id, 16"
    })
    void findsAKeyOrTheTableThatLacksIt(String name, int line) {
        assertThat(new TomlLines(TEXT).of(name)).isEqualTo(OptionalInt.of(line));
    }

    @Test
    void findsNothingThatIsNotThere() {
        assertThat(new TomlLines(TEXT).of("metrics")).isEmpty();
        assertThat(new TomlLines("").of("relay.name")).isEmpty();
    }

    @Test
    void aRefusalNamesFileLineAndKey() throws IOException {
        final String text = TEXT.substring(0, TEXT.indexOf("[[peer]]"));
        final Path file =
                OwnerFile.write(folder.resolve("r1.toml"), text.replace("slots = 9\n", "exponential(1ms,10ms)\\\n"));

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ":11: [engine] slots=3: must be 64 to 1,048,576");
    }
}
