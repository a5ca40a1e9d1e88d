package io.millrace.htx.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.test.LeakCheck;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Control frames that an honest peer sends beyond those which its bytes pay for, against the budget for them. */
@ExtendWith(LeakCheck.class)
class ControlNeedTest {
    private static final long STEP_NS = Duration.ofMillis(1).toNanos();
    private static final int LATENCY_STEPS = 10;
    private static final int SECONDS = 60;

    @Test
    void anHonestPeerAtFullRateStaysFarBelowTheBurst() {
        assertThat(mostDebt(SessionConfig.HTX1, true)).isLessThan(32);
    }

    @Test
    void aSilentPeerWithTheMostPaddingAndPingsStaysFarBelowTheBurst() {
        final Duration least = Duration.ofSeconds(1).dividedBy(PaddingPolicy.MOST_PER_SECOND);
        final SessionConfig config = SessionConfig.HTX1.withPadding(new PaddingPolicy(List.of(), least, least, 3));
        final SessionConfig most = new SessionConfig(
                config.maxFrameLength(),
                config.maxStreams(),
                config.initialWindow(),
                config.maxStreamWindow(),
                config.maxReceived(),
                config.maxQueued(),
                config.rekey(),
                config.padding(),
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                config.timeout());
        assertThat(mostDebt(most, false)).isLessThan(32);
    }

    /** The most that either end was owed in a minute, 10 ms apart; with a stream each way at full rate, or without. */
    private static long mostDebt(SessionConfig config, boolean traffic) {
        final byte[][][] pipe = new byte[2][LATENCY_STEPS][];
        final SessionUnderTest[] ends = {
            new SessionUnderTest(true, config, 1, 0), new SessionUnderTest(false, config, 2, 0)
        };
        long most = 0;
        long bytes = 0;
        try {
            final SessionStream near = traffic ? ends[0].session.open(0) : null;
            for (int step = 0; step < SECONDS * 1_000; step++) {
                final long nowNs = step * STEP_NS;
                final int slot = step % LATENCY_STEPS;
                for (int end = 0; end < 2; end++) {
                    if (pipe[end][slot] != null) {
                        ends[end].give(pipe[end][slot], nowNs);
                    }
                    ends[end].session.tick(nowNs);
                }
                if (traffic && step < SECONDS * 100) {
                    bytes += exchange(near, ends[1]);
                }
                for (int end = 0; end < 2; end++) {
                    pipe[1 - end][slot] = ends[end].take(64 << 10, nowNs);
                    most = Math.max(most, ends[end].session.controlDebt(nowNs));
                    assertThat(ends[end].session.violation()).isNull();
                    assertThat(ends[end].session.end()).isNull();
                }
            }
            assertThat(bytes > 10_000_000).isEqualTo(traffic);
            return most;
        } finally {
            ends[0].close();
            ends[1].close();
        }
    }

    private static long exchange(SessionStream near, SessionUnderTest far) {
        SessionUnderTest.write(near, new byte[32 << 10]);
        long bytes = SessionUnderTest.read(near).length;
        if (!far.opened.isEmpty()) {
            SessionUnderTest.write(far.opened.getFirst(), new byte[32 << 10]);
            bytes += SessionUnderTest.read(far.opened.getFirst()).length;
        }
        return bytes;
    }
}
