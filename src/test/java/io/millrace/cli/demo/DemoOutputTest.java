package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOutputTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{} | none", "{\"replayed\":1200,\"link-mac\":1} | replayed 1,200, link-mac 1"})
    void dropsAreWords(String byReason, String words) throws IOException {
        assertThat(DemoCommand.dropped(new ObjectMapper().readTree(byReason))).isEqualTo(words);
    }
}
