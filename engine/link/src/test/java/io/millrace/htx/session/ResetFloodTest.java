package io.millrace.htx.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.LeakCheck;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A peer that opens streams and gives them up at once. */
@ExtendWith(LeakCheck.class)
class ResetFloodTest {
    private static final SessionConfig CONFIG = SessionConfig.HTX1;
    private static final int MAX = CONFIG.maxStreams();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final SessionUnderTest peer = new SessionUnderTest(true, CONFIG, 1, 0);
    private final SessionUnderTest victim = new SessionUnderTest(false, CONFIG, 2, 0);

    @AfterEach
    void close() {
        peer.close();
        victim.close();
    }

    @Test
    void countsAPeersStreamUntilTheApplicationHasReleasedIt() {
        int opened = 0;
        for (int i = 0; i < 10 * MAX; i++) {
            final SessionStream stream = peer.session.open(0);
            if (stream != null) {
                opened++;
                stream.reset(1);
                stream.release();
            }
            SessionUnderTest.settle(peer, victim, 0);
        }
        assertThat(opened).isEqualTo(MAX);
        assertThat(victim.opened).hasSize(MAX);
        assertThat(victim.session.heldStreams()).isEqualTo(MAX);
        assertThat(victim.session.end()).isNull();

        victim.opened.remove().release();
        SessionUnderTest.settle(peer, victim, 0);
        assertThat(peer.session.open(0))
                .as("in the place of the one that was released")
                .isNotNull();
        SessionUnderTest.settle(peer, victim, 0);
        assertThat(victim.opened).hasSize(MAX);
    }

    @Test
    void refusesAStreamBeyondThoseThatEndedAndAreNotReleased() {
        for (int i = 0; i <= MAX; i++) {
            final SessionStream stream = peer.session.open(0);
            stream.finish();
            SessionUnderTest.settle(peer, victim, 0);
            if (i < MAX) {
                victim.opened.getLast().finish();
            }
            SessionUnderTest.settle(peer, victim, 0);
            stream.release();
            assertThat(stream.isReset()).as("stream %d", i).isEqualTo(i == MAX);
        }
        assertThat(victim.opened).hasSize(MAX);
        assertThat(victim.session.end()).isNull();
    }

    @Test
    void endsTheSessionOfAPeerThatGivesUpTooManyStreamsInATime() {
        int resets = 0;
        while (peer.session.end() == null && resets < 100 * MAX) {
            reset(0);
            resets++;
        }
        assertThat(victim.session.violation()).isEqualTo(Violation.RESETS);
        assertThat(peer.session.end()).isEqualTo(SessionEnd.PEER_FAILED);
        assertThat(resets).isEqualTo(ResetBudget.BURST * MAX + 1);
    }

    @Test
    void takesAsManyResetsASecondAsStreamsMayBeOpen() {
        for (int i = 0; i < 100 * MAX; i++) {
            reset(i * SECOND / MAX);
        }
        assertThat(victim.session.end()).isNull();
    }

    @Test
    void endsInOrderWhileResetStreamsAreNotReleased() {
        final SessionStream stream = peer.session.open(0);
        SessionUnderTest.settle(peer, victim, 0);
        final SessionStream far = victim.opened.remove();
        SessionUnderTest.write(far, new byte[100_000]);
        far.finish();
        stream.reset(1);
        SessionUnderTest.settle(peer, victim, 0);
        victim.session.shutdown();
        SessionUnderTest.settle(peer, victim, 0);
        assertThat(victim.session.end()).isEqualTo(SessionEnd.CLOSED);
    }

    private void reset(long nowNs) {
        final SessionStream stream = peer.session.open(nowNs);
        stream.reset(1);
        stream.release();
        SessionUnderTest.settle(peer, victim, nowNs);
        if (!victim.opened.isEmpty()) {
            victim.opened.remove().release();
        }
        SessionUnderTest.settle(peer, victim, nowNs);
    }
}
