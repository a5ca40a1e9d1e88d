package io.millrace.htx.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.RekeyLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a session changes its keys, and that its streams do not notice. */
class SessionKeysTest extends SessionEnds {
    private static final int CHANGES = 5;

    @Test
    void changesKeysInBothDirectionsAndGoesOn() {
        closeAll();
        final SessionConfig often = CONFIG.withRekey(new RekeyLimits(5, 1L << 30, Duration.ofHours(1)));
        a = new SessionUnderTest(true, often, 1, 0);
        b = new SessionUnderTest(false, often, 2, 0);
        final SessionStream near = a.session.open(0);
        for (int i = 0; i < 200; i++) {
            write(near, "ping" + i);
            settle(0);
            final SessionStream far = b.opened.element();
            assertThat(read(far)).isEqualTo("ping" + i);
            write(far, "pong" + i);
            settle(0);
            assertThat(read(near)).isEqualTo("pong" + i);
        }
        assertThat(a.session.keyGeneration()).isGreaterThan(40);
        assertThat(b.session.keyGeneration()).isGreaterThan(40);
    }

    @Test
    void changesAnOldKeyAtItsNextFrame() {
        final SessionStream near = a.session.open(0);
        settle(0);
        final long hour = 3_600 * SECOND;
        write(near, "old");
        a.session.prepareKeys(hour);
        settle(hour);
        assertThat(a.session.keyGeneration()).isEqualTo(1);
        assertThat(read(b.opened.element())).isEqualTo("old");
    }

    @Test
    void hasTheNextKeyReadyBeforeAFrameNeedsIt() {
        assertThat(keysMadeLate(true)).isZero();
        // The same traffic without a look at the clock in between: each of the changes makes its key on the way.
        assertThat(keysMadeLate(false)).isEqualTo(2 * CHANGES);
    }

    /** Of both directions and both ends, while one sends frames until its key has changed some times. */
    private long keysMadeLate(boolean ticks) {
        closeAll();
        final SessionConfig often = CONFIG.withRekey(new RekeyLimits(64, 1L << 30, Duration.ofHours(1)));
        a = new SessionUnderTest(true, often, 1, 0);
        b = new SessionUnderTest(false, often, 2, 0);
        final SessionStream near = a.session.open(0);
        for (int frame = 0; a.session.keyGeneration() < CHANGES; frame++) {
            SessionUnderTest.write(near, new byte[8]);
            b.give(a.take(Integer.MAX_VALUE, 0), 0);
            if (ticks && frame % 16 == 0) {
                a.session.tick(0);
                b.session.tick(0);
            }
        }
        return a.session.keysMadeLate() + b.session.keysMadeLate();
    }
}
