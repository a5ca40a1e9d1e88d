package io.millrace.htx.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.RekeyLimits;
import io.millrace.test.LeakCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A peer that grants credit and then takes no byte, or few, from the carrier. The clock is simulated. */
@ExtendWith(LeakCheck.class)
class SilentPeerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long STEP = SECOND / 50;
    private static final long TIMEOUT = SessionConfig.HTX1.timeout().toNanos();

    private SessionUnderTest peer = new SessionUnderTest(true, SessionConfig.HTX1, 1, 0);
    private SessionUnderTest victim = new SessionUnderTest(false, SessionConfig.HTX1, 2, 0);
    private long now;

    @AfterEach
    void close() {
        peer.close();
        victim.close();
    }

    @Test
    void isGivenUpWhenNothingHasLeftForTheTimeout() {
        final SessionStream stream = streamWithCredit();
        final long since = now;
        while (victim.session.end() == null && now - since < 100 * TIMEOUT) {
            now += STEP;
            SessionUnderTest.write(stream, new byte[60_000]);
            victim.session.tick(now);
            victim.session.fill(now); // the carrier takes nothing
        }
        assertThat(victim.session.end()).isEqualTo(SessionEnd.TIMEOUT);
        assertThat(now - since).isLessThanOrEqualTo(TIMEOUT + 2 * STEP);
        assertThat(victim.session.finished())
                .as("nothing is waited for any more")
                .isTrue();
    }

    @Test
    void isAskedEvenWhenTheOutboxIsFullAndGivenUpWithoutAnAnswer() {
        requireAnAnswer();
    }

    private void requireAnAnswer() {
        final SessionStream stream = streamWithCredit();
        final long since = now;
        // One byte a second is progress, and the PING behind the data never arrives.
        while (victim.session.end() == null && now - since < 100 * TIMEOUT) {
            now += STEP;
            SessionUnderTest.write(stream, new byte[60_000]);
            victim.session.tick(now);
            victim.session.fill(now);
            if (now % SECOND < STEP && victim.session.outbound().hasRemaining()) {
                victim.session.sent(1);
            }
        }
        assertThat(victim.session.end()).isEqualTo(SessionEnd.TIMEOUT);
        final long longest = SessionConfig.HTX1.pingMax().toNanos() + TIMEOUT;
        assertThat(now - since).isLessThanOrEqualTo(longest + 2 * STEP);
    }

    @Test
    void keepsASessionWhoseBytesLeaveSlowly() {
        final SessionStream stream = streamWithCredit();
        final long since = now;
        while (now - since < 20 * TIMEOUT) {
            now += SECOND;
            SessionUnderTest.write(stream, new byte[60_000]);
            victim.session.tick(now);
            peer.give(victim.take(20_000, now), now);
            SessionUnderTest.read(peer.opened.element());
            victim.give(peer.take(Integer.MAX_VALUE, now), now);
            assertThat(victim.session.end()).isNull();
        }
    }

    @Test
    void mayTakeTheLastFramesForTheTimeoutAndNoLonger() {
        final SessionStream stream = streamWithCredit();
        SessionUnderTest.write(stream, new byte[60_000]);
        victim.session.fill(now);
        victim.session.abort();
        final long since = now;
        assertThat(victim.session.deadlineNs()).isGreaterThanOrEqualTo(now);
        for (int look = 0; !victim.session.finished() && look < 100; look++) {
            victim.session.fill(now);
            victim.session.tick(now);
            now = Math.max(now + 1, victim.session.deadlineNs());
        }
        assertThat(victim.session.finished()).isTrue();
        assertThat(now - since).isLessThanOrEqualTo(2 * TIMEOUT);
    }

    @Test
    void isWaitedForWithoutFurtherLooksOnceThisEndHasSentItsClose() {
        streamWithCredit();
        victim.session.shutdown();
        victim.session.fill(now);
        victim.session.sent(victim.session.outbound().remaining());
        final long closed = now;

        int looks = 0;
        while (victim.session.end() == null && looks < 100) {
            assertThat(victim.session.deadlineNs()).as("look %d", looks).isGreaterThan(now);
            now = victim.session.deadlineNs();
            victim.session.tick(now);
            victim.session.fill(now);
            looks++;
        }
        assertThat(looks).isLessThan(10);
        assertThat(now - closed).isLessThanOrEqualTo(TIMEOUT);
    }

    @Test
    void leavesRoomForThePingWhateverThePadding() {
        for (PaddingPolicy padding : new PaddingPolicy[] {
            PaddingPolicy.NONE,
            PaddingPolicy.SIZE_CLASSES,
            new PaddingPolicy(List.of(16_368), Duration.ZERO, Duration.ZERO, 0)
        }) {
            close();
            final SessionConfig config = SessionConfig.HTX1
                    .withPadding(padding)
                    .withRekey(new RekeyLimits(3, 1L << 30, Duration.ofHours(1)));
            peer = new SessionUnderTest(true, config, 1, 0);
            victim = new SessionUnderTest(false, config, 2, 0);
            requireAnAnswer();
        }
    }

    /** A stream of the victim's with more credit than it can use. */
    private SessionStream streamWithCredit() {
        now = SECOND;
        final SessionStream stream = victim.session.open(now);
        SessionUnderTest.settle(peer, victim, now);
        peer.credit(0, 1L << 40, now);
        peer.credit(stream.id(), 1L << 40, now);
        SessionUnderTest.settle(peer, victim, now);
        return stream;
    }
}
