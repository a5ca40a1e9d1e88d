package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.link.LinkTransition.Cause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Transitions that the two ends of a link report: each one happened, and both ends name the same handshake. */
class LinkTransitionTest extends LinkEnds {
    @AfterEach
    void closeAll() {
        close();
    }

    @Test
    void aPeerThatNeverAnswersCausesNoTransition() {
        start();
        wire.cut = true;
        run(60 * SECOND_NS);
        ends[0].stop(wire.nowNs);

        assertThat(transitions.get(0)).isEmpty();
    }

    @Test
    void bothEndsReportTheSameHandshakeOnce() {
        start();
        runUntilUp();
        run(30 * SECOND_NS);

        assertThat(causes(0)).containsExactly(Cause.UP);
        assertThat(causes(1)).containsExactly(Cause.UP);
        assertThat(last(0).began()).hasSize(32).isEqualTo(last(1).began());
        assertThat(last(0).ended()).isEmpty();
        assertThat(last(0).isUp()).isTrue();
        assertThat(last(0).peerId()).isEqualTo(identities[1].id());
        assertThat(last(1).peerId()).isEqualTo(identities[0].id());
    }

    @Test
    void everySessionThatEndsIsTheOneThatBegan() {
        start();
        runUntilUp();
        final byte[] first = last(0).began();
        wire.cut = true;
        run(timing.quiet().toNanos() + 10 * SECOND_NS);
        assertThat(causes(0)).containsExactly(Cause.UP, Cause.NO_ANSWER);
        assertThat(last(0).ended()).isEqualTo(first);
        assertThat(last(0).isUp()).isFalse();

        wire.cut = false;
        runUntilUp();
        assertThat(last(0).cause()).isEqualTo(Cause.UP);
        assertThat(last(0).began()).isNotEqualTo(first);
        ends[0].onLost(wire.nowNs);
        assertThat(last(0).cause()).isEqualTo(Cause.DISCONNECTED);
        runUntilUp();
        final byte[] third = last(0).began();
        ends[0].stop(wire.nowNs);
        ends[0].stop(wire.nowNs);
        assertThat(causes(0))
                .containsExactly(Cause.UP, Cause.NO_ANSWER, Cause.UP, Cause.DISCONNECTED, Cause.UP, Cause.STOPPED);
        assertThat(last(0).ended()).isEqualTo(third);
    }

    @Test
    void aNewerHandshakeEndsTheSessionBeforeAndTheLinkStaysUp() {
        start();
        runUntilUp();
        final byte[] first = last(0).began();
        restart(1);
        runUntilUp();

        assertThat(causes(0)).containsExactly(Cause.UP, Cause.RENEWED);
        assertThat(last(0).ended()).isEqualTo(first);
        assertThat(last(0).began()).isEqualTo(last(1).began()).isNotEqualTo(first);
        assertThat(last(0).isUp()).isTrue();
    }

    @Test
    void keysThatBecomeTooOldEndTheSession() {
        timing = new LinkTiming(
                Duration.ofMillis(200),
                Duration.ofMillis(1_200),
                8,
                Duration.ofHours(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60));
        start();
        runUntilUp();
        wire.cut = true;
        run(200 * SECOND_NS);

        assertThat(causes(0)).containsExactly(Cause.UP, Cause.EXPIRED);
    }

    @Test
    void refusesHashesThatDoNotFitTheCause() {
        final byte[] id = new byte[16];
        final byte[] hash = new byte[32];
        final byte[] none = {};
        assertThatThrownBy(() -> new LinkTransition(Cause.UP, 0, id, hash, hash, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LinkTransition(Cause.STOPPED, 0, id, hash, hash, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LinkTransition(Cause.RENEWED, 0, id, hash, none, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LinkTransition(Cause.UP, -1, id, hash, none, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<Cause> causes(int end) {
        return transitions.get(end).stream().map(LinkTransition::cause).toList();
    }

    private LinkTransition last(int end) {
        return transitions.get(end).getLast();
    }
}
