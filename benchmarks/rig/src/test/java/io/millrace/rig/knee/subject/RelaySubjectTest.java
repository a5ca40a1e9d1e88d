package io.millrace.rig.knee.subject;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.config.EngineSettings;
import io.millrace.relay.EngineOccupancy;
import io.millrace.relay.Occupancy;
import io.millrace.rig.process.FreePorts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The relay under test of {@code knee}. */
class RelaySubjectTest {
    @Test
    void itsEngineHasTheSettingsThatItWasSent() throws IOException {
        final EngineSettings settings = EngineSettings.of(Map.of(
                "threading", "parallel(2)", "slots", "512", "ring", "128", "egress", "64", "replay-tags", "5000"));
        final List<Integer> ports = FreePorts.find(2);
        final SubjectSetup setup = new SubjectSetup(
                SubjectSetup.RELAY,
                List.of("11".repeat(32)),
                "22".repeat(16),
                "33".repeat(32),
                "44".repeat(32),
                "55".repeat(32),
                List.of(new SubjectSetup.Entry("66".repeat(16), "77".repeat(32), ports.get(1))),
                false,
                false,
                false,
                false,
                ports.get(0),
                settings.texts(),
                List.of(),
                "");
        try (RelaySubject subject = new RelaySubject(setup)) {
            subject.begin(1);
            final EngineOccupancy occupancy = subject.engine().occupancy();

            assertThat(occupancy.slots()).isEqualTo(new Occupancy(0, 512));
            assertThat(occupancy.ring()).isEqualTo(new Occupancy(0, 128));
            assertThat(occupancy.egress()).containsExactly(new Occupancy(0, 64));
            assertThat(occupancy.replayTags().capacity()).isBetween(5_000L, 10_000L);
            assertThat(subject.engine().threads()).hasSize(4);
        }
    }
}
