package io.millrace.rig.knee.subject;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.config.EngineSettings;
import io.millrace.relay.EngineOccupancy;
import io.millrace.relay.Occupancy;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.rig.ForcedFiles;
import io.millrace.rig.process.FreePorts;
import io.millrace.sphinx.ReplaySet;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay under test of {@code knee}. */
class RelaySubjectTest {
    @Test
    void itsEngineHasTheSettingsThatItWasSent() throws IOException {
        final EngineSettings settings = EngineSettings.of(Map.of(
                "threading", "parallel(2)", "slots", "512", "ring", "128", "egress", "64", "replay-tags", "5000"));
        try (RelaySubject subject = new RelaySubject(setup(settings, false, false))) {
            subject.begin(1);
            final EngineOccupancy occupancy = subject.engine().occupancy();

            assertThat(occupancy.slots()).isEqualTo(new Occupancy(0, 512));
            assertThat(occupancy.ring()).isEqualTo(new Occupancy(0, 128));
            assertThat(occupancy.egress()).containsExactly(new Occupancy(0, 64));
            assertThat(occupancy.replayTags().capacity()).isBetween(5_000L, 10_000L);
            assertThat(subject.engine().threads()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itsJournalIsOnTheDiskBeforeAPacketGoesOnIfItWasToldSo(boolean durableFirst) throws IOException {
        final EngineSettings settings = EngineSettings.of(Map.of("replay-tags", "5000"));
        try (RelaySubject subject = new RelaySubject(setup(settings, true, durableFirst));
                ReplaySet set = new ReplaySet(100, 1, 2)) {
            subject.begin(1);
            final ReplayFilter filter = subject.journal().filter(2, set);
            final int[] outcomes = new int[1];
            try (ForcedFiles forced = new ForcedFiles()) {
                for (int i = 0; i < 20; i++) {
                    filter.insertAll(1, new long[] {i}, new long[] {7}, outcomes);
                    assertThat(outcomes).containsExactly(ReplayFilter.ADDED);
                }
                // The committing thread may be a little faster with one.
                assertThat(forced.by(".tags", List.of(Thread.currentThread())))
                        .isBetween(durableFirst ? 10 : 0, durableFirst ? 20 : 0);
            }
        }
    }

    private static SubjectSetup setup(EngineSettings settings, boolean journal, boolean durableFirst)
            throws IOException {
        final List<Integer> ports = FreePorts.find(2);
        return new SubjectSetup(
                SubjectSetup.RELAY,
                List.of("11".repeat(32)),
                "22".repeat(16),
                "33".repeat(32),
                "44".repeat(32),
                "55".repeat(32),
                List.of(new SubjectSetup.Entry("66".repeat(16), "77".repeat(32), ports.get(1))),
                false,
                journal,
                durableFirst,
                false,
                ports.get(0),
                settings.texts(),
                List.of(),
                "");
    }
}
