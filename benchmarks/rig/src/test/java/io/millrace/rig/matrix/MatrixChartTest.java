package io.millrace.rig.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.rig.chart.WaterfallChart.Bar;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bars of {@code bench matrix --chart}. */
class MatrixChartTest {
    @Test
    void theBaseIsDividedOnlyIfAPartWasMeasured() {
        assertThat(labels(row(MatrixCells.COUNTERS, "in a file"))).containsExactly("base");
        assertThat(labels(row(MatrixCells.DH, "twice")))
                .containsExactly("scalar multiplications", "everything else", "base");
        assertThat(labels(row(MatrixCells.RECEIPTS, "none"))).containsExactly("everything else", "receipts", "base");
    }

    private static List<String> labels(MatrixReport.Row row) {
        final MatrixReport.Base base = new MatrixReport.Base(
                "sodium", "mr1", "shared", "backoff", 32, "sender", "uniform(0ns,0ns)", "exact", "none", 9, 1, 1, 100);
        final MatrixReport report = new MatrixReport(
                base, List.of(row), 9, new MatrixReport.Extent(1, 1, 1, 1, 0, true), "25", "a processor", "1.0.20");
        return MatrixChart.parts(report).stream().map(Bar::label).toList();
    }

    private static MatrixReport.Row row(String feature, String setting) {
        return new MatrixReport.Row(feature, setting, "base", 3, 0.3, 0.1, 12, 1, 0.1);
    }
}
