package io.millrace.rig.knee;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.EngineSettings;
import io.millrace.rig.knee.subject.SubjectSetup;
import io.millrace.rig.measure.CoreSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Settings on their way into the process that is measured. */
class KneeKeysTest {
    private static final EngineSettings RELAY = EngineSettings.of(Map.ofEntries(
            Map.entry("threading", "parallel(3)"),
            Map.entry("idle", "yielding"),
            Map.entry("provider", "sodium"),
            Map.entry("profile", "mr2"),
            Map.entry("policy", "packet-vrf"),
            Map.entry("delay", "uniform(1ms,7ms)"),
            Map.entry("tick", "100us"),
            Map.entry("wheel-slack", "2s"),
            Map.entry("slots", "512"),
            Map.entry("batch", "8"),
            Map.entry("ring", "128"),
            Map.entry("egress", "64"),
            Map.entry("replay-tags", "5000"),
            Map.entry("journal", "/state"),
            Map.entry("journal-sync", "batch")));

    @Test
    void theProcessGetsTheEngineOfTheRelaysFile() throws IOException {
        final KneeCase circumstances = KneeCase.ORDINARY.of(RELAY);
        final KneeOptions options = new KneeOptions(
                circumstances,
                false,
                RELAY,
                1,
                1,
                true,
                1_000,
                100,
                1,
                Optional.empty(),
                CoreSplit.NONE,
                1,
                "",
                Path.of("out"));
        final JsonMapper json = new JsonMapper();
        try (KneeKeys keys = new KneeKeys(options)) {
            final List<Integer> ports = Collections.nCopies(circumstances.neighbours(), 1);
            final SubjectSetup made = keys.setup(SubjectSetup.RELAY, circumstances.replayTags(), 1, ports);
            final SubjectSetup setup = json.readValue(json.writeValueAsString(made), SubjectSetup.class);

            assertThat(EngineSettings.of(setup.engine())).isEqualTo(RELAY.withoutState());
            assertThat(setup.journal()).isTrue();
            assertThat(setup.durableFirst()).isTrue();
        }
        assertThat(KneeCase.ORDINARY.of(RELAY.withoutState()).journal()).isFalse();
        assertThat(KneeCase.ORDINARY.of(RELAY.with(EngineKeys.REPLAY_TAGS, 7)).replayTags())
                .isEqualTo(7);
    }
}
