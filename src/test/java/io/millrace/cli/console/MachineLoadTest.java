package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineLoadTest {
    @Test
    void onlyALoadThatTheMeasurementDoesNotMakeIsSaid() {
        assertThat(MachineLoad.note(27.54, 2))
                .contains("Other programs use this machine: load 27.5 on 2 processors. Compare figures of this run with"
                        + " one another only.");
        assertThat(MachineLoad.note(3.1, 1))
                .hasValueSatisfying(line -> assertThat(line).contains("1 processor."));
        assertThat(MachineLoad.note(5, 2)).isEmpty();
        assertThat(MachineLoad.note(-1, 2)).as("not known").isEmpty();
    }
}
