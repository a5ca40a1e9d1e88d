package io.millrace.rig.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.ThreadingMode;
import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.EngineSettings;
import io.millrace.receipt.SigningMode;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MatrixCellsTest {
    private static final Set<String> ALL = new HashSet<>(MatrixCells.FEATURES);

    private static MeasuredPath path(String threading, ReplayMode replay, Optional<SigningMode> receipts) {
        final EngineSettings engine = EngineSettings.of(
                Map.of("threading", threading, "provider", "sodium", "delay", EngineKeys.SHORT_DELAY, "ring", "1024"));
        return new MeasuredPath(engine.withReceipts(receipts), 64, replay);
    }

    private static List<String> names(List<MatrixCell> rows) {
        return rows.stream().map(MatrixCell::name).toList();
    }

    @Test
    void switchesEveryFeatureToEveryOtherSetting() {
        final MatrixCells cells = MatrixCells.of(path("shared", ReplayMode.EXACT, Optional.empty()), ALL);

        assertThat(names(cells.rows()))
                .contains(
                        "links unsealed",
                        "dh twice",
                        "replay none",
                        "replay journalled",
                        "delay none",
                        "delay sender",
                        "delay packet-vrf",
                        "receipts batch",
                        "receipts single",
                        "counters in a file",
                        "batch 1",
                        "batch 64",
                        "threading split",
                        "threading parallel(2)",
                        "wait busy-spin",
                        "wait yielding",
                        "state journal and receipts",
                        "together all off",
                        "together all on")
                .doesNotContain("replay exact", "delay epoch-vrf", "batch 32", "threading shared", "wait backoff");
        assertThat(names(cells.rows())).doesNotHaveDuplicates();
    }

    @Test
    void measuresTheOtherWayRoundFromAnotherBase() {
        final MatrixCells cells =
                MatrixCells.of(path("split", ReplayMode.JOURNALLED, Optional.of(SigningMode.BATCH)), ALL);

        assertThat(names(cells.rows()))
                .contains("replay exact", "receipts none", "threading shared")
                .doesNotContain("replay journalled", "receipts batch", "threading split");
    }

    @Test
    void changesNothingButItsFeature() {
        final MatrixCells cells = MatrixCells.of(path("shared", ReplayMode.EXACT, Optional.empty()), ALL);

        for (MatrixCell row : cells.rows()) {
            final MeasuredPath own = row.path();
            final MeasuredPath other = row.against().path();
            final int changes = (row.crypto().equals(row.against().crypto()) ? 0 : 1)
                    + (own.config().equals(other.config()) ? 0 : 1)
                    + (own.config().ringSize() == 1024 ? 0 : 1)
                    + (own.policy() == other.policy()
                                    && row.delayed() == row.against().delayed()
                            ? 0
                            : 1)
                    + (own.replay() == other.replay() ? 0 : 1)
                    + (row.counted() == row.against().counted() ? 0 : 1)
                    + (own.receipts().equals(other.receipts()) ? 0 : 1);
            if (!List.of(MatrixCells.STATE, MatrixCells.TOGETHER).contains(row.feature())) {
                assertThat(changes).as(row.name()).isEqualTo(1);
            }
        }
    }

    @Test
    void comparesWaitModesWhereThreadsWaitForEachOther() {
        final MatrixCells cells =
                MatrixCells.of(path("shared", ReplayMode.EXACT, Optional.empty()), Set.of(MatrixCells.WAIT));

        assertThat(cells.rows()).isNotEmpty().allSatisfy(row -> {
            assertThat(row.against().name()).isEqualTo("threading split");
            assertThat(row.path().config().threading()).isEqualTo(ThreadingMode.SPLIT);
        });
    }
}
