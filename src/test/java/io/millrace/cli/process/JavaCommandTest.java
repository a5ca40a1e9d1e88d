package io.millrace.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Millrace;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {
    @Test
    void namesTheEntryPointBeforeTheArguments() {
        assertThat(JavaCommand.of(List.of("doctor", "--json")))
                .endsWith(System.getProperty("java.class.path"), Millrace.class.getName(), "doctor", "--json");
    }

    @Test
    void givesTheChildASmallHeapOfItsOwn() {
        assertThat(JavaCommand.of(List.of()))
                .contains("-Xmx256m", "-XX:+UseSerialGC")
                .filteredOn(flag -> flag.startsWith("-Xmx"))
                .hasSize(1);
    }
}
