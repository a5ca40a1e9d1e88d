package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.relay.epoch.EpochReport;
import io.millrace.relay.epoch.EpochState;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.SphinxProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochComplaintsTest {
    private final EpochComplaints complaints = new EpochComplaints(number -> "then " + number);

    @Test
    void saysEachThingOnceForEachEpoch() {
        assertThat(complaints.look(List.of(report(7, EpochState.RUNNING, 79)))).isEmpty();
        assertThat(complaints.look(List.of(report(7, EpochState.RUNNING, 80))))
                .containsExactly("the replay set of key epoch 7 is 80 % full (80 of 100 tags); then 7");
        assertThat(complaints.look(List.of(report(7, EpochState.RUNNING, 99)))).isEmpty();
        assertThat(complaints.look(List.of(report(7, EpochState.RUNNING, 100), report(8, EpochState.ACCEPTED, 85))))
                .containsExactly(
                        "the replay set of key epoch 7 is full (100 tags): its packets are dropped as"
                                + " replay-set-full; then 7",
                        "the replay set of key epoch 8 is 80 % full (85 of 100 tags); then 8");
        assertThat(complaints.look(List.of(report(7, EpochState.ACCEPTED, 100), report(8, EpochState.RUNNING, 85))))
                .isEmpty();
        assertThat(complaints.look(List.of(report(7, EpochState.RETIRING, 100), report(8, EpochState.RUNNING, 90))))
                .containsExactly("key epoch 7 is over: no packet is dropped for its replay set any more");
        assertThat(complaints.look(List.of(report(8, EpochState.RUNNING, 90)))).isEmpty();
    }

    @Test
    void aSetThatFillsBetweenTwoLooksIsSaidToBeFullAndNotNearlyFull() {
        assertThat(complaints.look(List.of(report(1, EpochState.RUNNING, 100))))
                .singleElement()
                .asString()
                .contains("is full");
        assertThat(complaints.look(List.of(report(1, EpochState.RUNNING, 100)))).isEmpty();
    }

    @Test
    void anEpochThatRemembersNothingIsNotFull() {
        assertThat(complaints.look(
                        List.of(new EpochReport(0, new RelayId(1, 2), SphinxProfile.MR1, EpochState.RUNNING, 0, 0, 0))))
                .isEmpty();
    }

    private static EpochReport report(long number, EpochState state, long tags) {
        return new EpochReport(number, new RelayId(number, 0), SphinxProfile.MR1, state, tags, 100, 0);
    }
}
