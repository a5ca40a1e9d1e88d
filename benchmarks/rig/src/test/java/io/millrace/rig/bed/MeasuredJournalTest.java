package io.millrace.rig.bed;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.node.config.EngineSettings;
import io.millrace.rig.ForcedFiles;
import io.millrace.sphinx.SphinxProfile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A measured engine brings tags to the disk when the settings of the relay say so. */
@Timeout(300)
class MeasuredJournalTest {
    private static final int PACKETS = 512;
    private static final int BATCH = 16;

    @Test
    void aPacketGoesOnOnlyWhenItsTagIsOnTheDiskIfTheSettingsSaySo() throws Exception {
        assertThat(forcedByTheEngine("batch")).isGreaterThan(PACKETS / BATCH / 2);
    }

    @Test
    void aPacketDoesNotWaitForTheDiskOtherwise() throws Exception {
        assertThat(forcedByTheEngine("group")).isLessThan(PACKETS / BATCH / 4);
    }

    /**
     * How often the threads of an engine forced journals for each key epoch, while at least {@link #PACKETS} packets passed;
     * the beginning and the end of an epoch force its journal too.
     */
    private static long forcedByTheEngine(String sync) throws Exception {
        final MeasuredPath path = new MeasuredPath(
                EngineSettings.of(Map.of(
                        "threading",
                        "split",
                        "delay",
                        "uniform(0ns,1ms)",
                        "batch",
                        Integer.toString(BATCH),
                        "journal",
                        "/journal",
                        "journal-sync",
                        sync)),
                64,
                ReplayMode.JOURNALLED);
        final BatchCrypto crypto = path.engine().crypto();
        try (ForcedFiles forced = new ForcedFiles();
                BenchFixture bed = new BenchFixture(crypto, SphinxProfile.MR1, PACKETS, 2);
                BenchSubject subject = new BenchSubject(
                        bed, new BenchSubject.Parts(path, crypto, crypto, bed.undelayed(), true, () -> {}))) {
            subject.engine().start();
            final List<Thread> threads = subject.engine().threads();
            subject.resume();
            while (subject.engine().counters().forwarded() < PACKETS) {
                subject.requireRunning();
                Thread.onSpinWait();
            }
            subject.drain();
            return forced.by(".tags", threads) / subject.passes();
        }
    }
}
