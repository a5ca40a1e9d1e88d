package io.millrace.rig.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.counters.CountersFolder;
import io.millrace.node.counters.CountersSnapshot;
import io.millrace.rig.bed.BenchFixture;
import io.millrace.rig.bed.BenchSubject;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import io.millrace.rig.measure.ThreadMeter;
import io.millrace.sphinx.SphinxProfile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The row {@code counters} of the matrix measures a relay whose counters another process could read. */
class CountersCopyTest {
    private static final int PACKETS = 256;

    @Test
    void theCountersOfTheEngineAreInAFileThatGoesAtTheEnd() throws Exception {
        final MeasuredPath path = path();
        final BatchCrypto crypto = path.engine().crypto();
        final Path folder;
        try (BenchFixture bed = new BenchFixture(crypto, SphinxProfile.MR1, PACKETS, 2);
                BenchSubject subject = new BenchSubject(
                        bed, new BenchSubject.Parts(path, crypto, crypto, bed.undelayed(), true, () -> {}));
                CountersCopy counters = new CountersCopy(subject.engine())) {
            folder = counters.folder();
            subject.engine().start();
            subject.resume();
            CountersSnapshot seen = CountersFolder.find(folder).read();
            while (seen.flow("received").total() == 0) {
                subject.requireRunning();
                Thread.onSpinWait();
                seen = CountersFolder.find(folder).read();
            }
            assertThat(seen.conserved()).isTrue();
            assertThat(ThreadMeter.named(CountersCopy.THREAD))
                    .as("its time counts")
                    .hasSize(1);
            subject.drain();
        }
        assertThat(folder).doesNotExist();
        assertThat(ThreadMeter.named(CountersCopy.THREAD)).isEmpty();
    }

    @Test
    void onlyTheRowOfCountersHasThem() {
        final MatrixCells cells = MatrixCells.of(path(), Set.copyOf(MatrixCells.FEATURES));

        assertThat(cells.base().counted()).isFalse();
        assertThat(cells.rows().stream().filter(MatrixCell::counted).map(MatrixCell::name))
                .containsExactly("counters in a file");
    }

    private static MeasuredPath path() {
        final EngineSettings engine = EngineSettings.of(
                Map.of("threading", "shared", "provider", "sodium", "delay", "uniform(0ns,1ms)", "ring", "1024"));
        return new MeasuredPath(engine.withReceipts(Optional.empty()), 64, ReplayMode.EXACT);
    }
}
