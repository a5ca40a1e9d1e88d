package io.millrace.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.rig.twin.StoredTwinFigures;
import io.millrace.rig.twin.StoredTwinFigures.Access;
import io.millrace.rig.twin.TwinFigures;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code bench twin} prints. */
class TwinPrinterTest {
    private static final StoredTwinFigures STORED = new StoredTwinFigures(
            1_000_000,
            48_203_000,
            7_600_000_000.0,
            4_903_300_000.0,
            new Access(412, 0.02),
            new Access(1_290, 88),
            new Access(3_456, 412.5),
            new Access(601, 120));

    private static final TwinFigures FIGURES = new TwinFigures(
            "cpu",
            "25",
            "1.0.20",
            30_000,
            60_000,
            40_000,
            List.of(new TwinFigures.Point(1_000, 2_000, 62_000)),
            1,
            1,
            16_000,
            256,
            1_000_000,
            2,
            30_000,
            1.9,
            0.98,
            50_000,
            200,
            List.of(STORED));

    @Test
    void documentsOnTheDiskAreInMicrosecondsWithCommas() {
        final List<String> lines = printed(false)
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();

        assertThat(lines)
                .contains("properties on disk | open in maps (µs) | open by replay (µs) | first change in maps (µs)")
                .contains("1,000,000 | 48,203.0 | 7,600,000.0 | 4,903,300.0")
                .contains("access | properties | maps (µs) | bytes | heap (µs) | bytes")
                .contains("get | 1,000,000 | 0.41 | 0.0 | 1.29 | 88.0")
                .contains("put | 1,000,000 | 3.46 | 412.5 | 0.60 | 120.0");
    }

    @Test
    void documentsOnTheDiskAreInTheObject() {
        assertThat(printed(true))
                .contains("\"stored\":[{\"entries\":1000000,\"openMapsNs\":4.8203E7,")
                .contains("\"getMaps\":{\"ns\":412.0,\"bytes\":0.02}");
    }

    private static String printed(boolean json) {
        final StringWriter text = new StringWriter();
        final Output output = new Output(new PrintWriter(text), new PrintWriter(Writer.nullWriter()), json);
        assertThat(TwinPrinter.print(FIGURES, output)).isEqualTo(ExitCode.OK);
        return text.toString();
    }
}
