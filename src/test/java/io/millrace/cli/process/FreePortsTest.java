package io.millrace.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.rig.process.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    /** None of these ports is used in between, as when several relays start slowly. */
    @Test
    void noPortIsGivenTwice() throws IOException {
        final List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ports.addAll(FreePorts.find(6));
        }

        assertThat(ports).hasSize(300).doesNotHaveDuplicates().allMatch(port -> port >= 10_000 && port < 32_000);
    }

    @Test
    void twoProcessesFindDifferentPorts() throws IOException, InterruptedException {
        final List<Integer> own = FreePorts.find(300);
        final ProgramRun other = ProgramRun.ofProcess(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName()));

        assertThat(other.exitCode()).as(other.err()).isZero();
        final List<Integer> others = Stream.of(other.out().trim().split(" ", -1))
                .map(Integer::valueOf)
                .toList();
        assertThat(others).hasSize(2_000);
        assertThat(Collections.disjoint(own, others)).isTrue();
    }

    /** Finds so many that dozens would be those of another process, if both chose by chance. */
    static final class OtherProcess {
        private OtherProcess() {}

        public static void main(String[] args) throws IOException {
            final StringBuilder ports = new StringBuilder();
            FreePorts.find(2_000).forEach(port -> ports.append(port).append(' '));
            System.out.print(ports);
        }
    }
}
