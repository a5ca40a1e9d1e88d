package io.millrace.relay.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.packet.Verdict;
import org.junit.jupiter.api.Test;

class ReplayStageTest {
    /** A packet goes on only if its tag is new and, with a journal, written. */
    @Test
    void onlyATagThatWasAddedLetsItsPacketGoOn() {
        assertThat(ReplayStage.verdict(ReplayFilter.ADDED)).isEqualTo(Verdict.PENDING);
        assertThat(ReplayStage.verdict(ReplayFilter.DUPLICATE)).isEqualTo(Verdict.REPLAY);
        assertThat(ReplayStage.verdict(ReplayFilter.FULL)).isEqualTo(Verdict.REPLAY_SET_FULL);
        assertThat(ReplayStage.verdict(ReplayFilter.NOT_JOURNALLED)).isEqualTo(Verdict.JOURNAL_FAILED);
    }
}
