package io.millrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real thing, short. Of the costs it checks only those that noise cannot reverse. */
class MatrixCommandTest {
    @TempDir
    private Path folder;

    @Test
    void saysWhatEachSwitchCostsAndDrawsIt() throws IOException {
        final Path chart = folder.resolve("ledger.png");
        final ProgramRun run = ProgramRun.of(
                "bench",
                "matrix",
                "--json",
                "--only",
                "dh,replay,counters",
                "--seconds",
                "1",
                "--packets",
                "256",
                "--provider",
                "sodium",
                "--chart",
                chart.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        final JsonNode report = run.json();
        final double base = report.at("/base/nsPerPacket").asDouble();
        assertThat(base).isPositive();
        assertThat(report.at("/base/threading").asText()).isEqualTo("shared");
        assertThat(report.at("/base/waitMode").asText())
                .as("a name that kept runs have")
                .isEqualTo("backoff");
        assertThat(report.get("conserved").asBoolean()).isTrue();
        assertThat(report.get("wrong").asLong()).isZero();
        final Map<String, JsonNode> rows = new HashMap<>();
        report.get("rows")
                .forEach(row -> rows.put(
                        row.get("feature").asText() + " " + row.get("setting").asText(), row));
        assertThat(rows).containsKeys("dh twice", "replay none", "replay journalled", "counters in a file");
        // How much each costs is not judged: a difference between runs of a second. WrappingCryptoTest counts
        // multiplications.
        for (JsonNode row : rows.values()) {
            assertThat(row.get("totalNsPerPacket").asDouble()).isPositive();
            assertThat(row.get("spread").asDouble()).isNotNegative();
            assertThat(row.get("against").asText()).isEqualTo("base");
            assertThat(row.get("laddersPerPacket").asDouble()
                            * row.get("nsPerPacket").asDouble())
                    .as("of one sign: %s", row)
                    .isNotNegative();
        }
        final BufferedImage image = ImageIO.read(chart.toFile());
        assertThat(image.getWidth()).isGreaterThan(1_000);
        assertThat(image.getHeight()).isGreaterThan(500);
    }

    @Test
    void refusesOptionsThatDoNotGoTogether() {
        final ProgramRun alone = ProgramRun.of("bench", "--chart", "ledger.png");
        assertThat(alone.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(alone.err()).contains("unknown option: --chart");

        final ProgramRun recorded = ProgramRun.of("bench", "matrix", "--jfr", "run.jfr");
        assertThat(recorded.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(recorded.err()).contains("--jfr");
    }

    @Test
    void refusesAFeatureThatItDoesNotKnow() {
        final ProgramRun run = ProgramRun.of("bench", "matrix", "--only", "links,magic");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--only", "magic");
    }
}
