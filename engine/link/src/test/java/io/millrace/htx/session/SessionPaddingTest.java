package io.millrace.htx.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Padding of a session: each frame has the length of a class, and the wire is never silent for long. */
class SessionPaddingTest extends SessionEnds {
    @Test
    void givesEveryFrameTheLengthOfAClass() {
        closeAll();
        a = new SessionUnderTest(true, CONFIG.withPadding(PaddingPolicy.SIZE_CLASSES), 1, 0);
        b = new SessionUnderTest(false, CONFIG.withPadding(PaddingPolicy.SIZE_CLASSES), 2, 0);
        final SessionStream near = a.session.open(0);
        final List<Integer> wireLengths = PaddingPolicy.SIZE_CLASSES.sizeClasses().stream()
                .map(each -> each + 16)
                .toList();
        for (int length = 0; length < 60_000; length += 997) {
            SessionUnderTest.write(near, new byte[length]);
            final byte[] wire = a.take(Integer.MAX_VALUE, 0);
            for (int at = 0; at < wire.length; ) {
                final int field = ((wire[at] & 0xff) << 8) | (wire[at + 1] & 0xff);
                assertThat(wireLengths).contains(field);
                at += 2 + field;
            }
            b.give(wire, 0);
            assertThat(SessionUnderTest.read(b.opened.element())).hasSize(length);
            settle(0);
        }
    }

    @Test
    void padsItsSilences() {
        closeAll();
        a = new SessionUnderTest(true, CONFIG.withPadding(PaddingPolicy.IDLE), 1, 0);
        b = new SessionUnderTest(false, CONFIG, 2, 0);
        settle(0);
        long now = 0;
        for (int i = 0; i < 100; i++) {
            final long silence = a.session.deadlineNs() - now;
            assertThat(silence).isBetween(SECOND / 5, SECOND * 6 / 5);
            assertThat(a.take(Integer.MAX_VALUE, now + silence - 1)).isEmpty();
            now += silence;
            final byte[] wire = a.take(Integer.MAX_VALUE, now);
            assertThat(wire.length).isBetween(128, 4_096 + 18);
            b.give(wire, now);
            a.give(b.take(Integer.MAX_VALUE, now), now);
            b.give(a.take(Integer.MAX_VALUE, now), now);
        }
        assertThat(b.session.end()).isNull();
    }
}
