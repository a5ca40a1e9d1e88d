package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Numbers as people read them. */
class TableTest {
    @Test
    void wholeNumbersHaveCommasAndStandToTheRight() {
        assertThat(new Table("stage", "packets")
                        .row("open", 1_234_567L)
                        .row("seal", 12)
                        .text())
                .isEqualTo(String.join(
                        System.lineSeparator(),
                        " stage |   packets",
                        "-------+-----------",
                        " open  | 1,234,567",
                        " seal  |        12"));
    }

    @Test
    void emptyCellsAndSharesLeaveAColumnOfNumbersToTheRight() {
        assertThat(new Table("cost", "share")
                        .row("", "0.5 %")
                        .row("+1,000.25", "10.0 %")
                        .text())
                .isEqualTo(String.join(
                        System.lineSeparator(),
                        "      cost |  share",
                        "-----------+--------",
                        "           |  0.5 %",
                        " +1,000.25 | 10.0 %"));
    }

    @Test
    void aTextIsNotChanged() {
        assertThat(new Table("index").row("1234567").text()).endsWith(" 1234567");
    }

    @Test
    void figuresHaveTheirUnitsAndPrecision() {
        assertThat(Figures.micros(1_234_567L)).isEqualTo("1,234.6");
        assertThat(Figures.cost(25_472)).isEqualTo("25.47");
        assertThat(Figures.difference(-921)).isEqualTo("-0.92");
        assertThat(Figures.difference(58_393)).isEqualTo("+58.39");
        assertThat(Figures.whole(52_455.5)).isEqualTo("52,456");
        assertThat(Figures.megabytes(3_145_728L)).isEqualTo("3.1");
        assertThat(Figures.percent(0.0813)).isEqualTo("8.1 %");
        assertThat(Figures.counts(new TreeMap<>(Map.of("replayed", 12L, "late", 1_200))))
                .isEqualTo("late 1,200, replayed 12");
        assertThat(Figures.counts(Map.of())).isEqualTo("none");
        assertThat(Figures.counted(0, "receipt")).isEqualTo("0 receipts");
        assertThat(Figures.counted(1, "receipt")).isEqualTo("1 receipt");
        assertThat(Figures.counted(1_200, "receipt")).isEqualTo("1,200 receipts");
    }
}
