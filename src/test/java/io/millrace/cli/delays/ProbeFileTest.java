package io.millrace.cli.delays;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.Probe;
import io.millrace.directory.ProbeHop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeFileTest {
    private static final Probe PROBE =
            new Probe(List.of(new ProbeHop(IdentityKey.ofHex("01".repeat(32)), 7, 0x0123, 0x4567)), 1_000);

    @TempDir
    private Path folder;

    /** The system's limit on the length of a file stands for the full disk: 1 MiB, which libsodium needs less of. */
    @Test
    void aProbeThatDoesNotFitLeavesTheOthersReadable() throws Exception {
        final Path file = folder.resolve("probes");
        final List<String> writer = new ArrayList<>(List.of("sh", "-c", "ulimit -f 2048 && exec \"$@\"", "sh"));
        writer.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FullDisk.class.getName(),
                file.toString()));

        final ProgramRun run = ProgramRun.ofProcess(new ProcessBuilder(writer));

        assertThat(run.exitCode()).as(run.err()).isZero();
        final List<Probe> written = ProbeFile.read(file);
        assertThat(written).hasSize(Integer.parseInt(run.out().strip())).containsOnly(PROBE);
        final long line = Files.size(file) / written.size();
        assertThat((1 << 20) - Files.size(file)).as("room for no line").isBetween(1L, line - 1);
        try (ProbeFile again = ProbeFile.open(file)) {
            again.append(PROBE);
        }
        assertThat(ProbeFile.read(file)).hasSize(written.size() + 1);
    }

    /** Appends probes until the disk is full, a second time too, and prints how many were written. */
    static final class FullDisk {
        private FullDisk() {}

        public static void main(String[] arguments) throws IOException {
            int count = 0;
            int failures = 0;
            try (ProbeFile file = ProbeFile.open(Path.of(arguments[0]))) {
                while (failures < 2) {
                    try {
                        file.append(PROBE);
                        count++;
                    } catch (IOException e) {
                        failures++;
                    }
                }
            }
            System.out.println(count);
        }
    }
}
