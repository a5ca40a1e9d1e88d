package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.frame.FrameStatus;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A link that is polled only when {@link LinkHandshake#waitNs} says so does the same as one that is polled all the time:
 * a poll before finds nothing to do. And it is polled seldom.
 */
class LinkWaitsTest {
    private static final int SEEDS = 20;
    private static final long GENERATION_FRAMES = 1 << LinkKeyGenerations.GENERATION_BITS;

    private final long[] dueNs = new long[2];
    private final int[] polls = new int[2];

    @Test
    void aPollBeforeItsTimeFindsNothingToDoWhateverTheNetworkLoses() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (LinkEnds link = new LinkEnds()) {
                link.random = new SplittableRandom(seed);
                link.wire = new SimulatedWire(link.random.split(), 0.3, 0.1, 50_000_000);
                link.start();
                ask(link);
                for (int i = 0; i < 30_000; i++) {
                    step(link, "seed=" + seed + ", step=" + i, 2 * LinkEnds.STEP_NS);
                }
            }
        }
    }

    @Test
    void anIdleLinkIsPolledForItsProbesAndHandshakesOnly() {
        try (LinkEnds link = new LinkEnds()) {
            link.start();
            link.runUntilUp();
            ask(link);
            polls[0] = 0;
            polls[1] = 0;
            for (int i = 0; i < 80_000; i++) {
                step(link, "step=" + i, 50 * LinkEnds.STEP_NS);
            }
            // A probe every 5 s, and a handshake, in 4,000 s.
            for (int each : polls) {
                assertThat(each).isBetween(700, 1_000);
            }
            assertThat(link.links).allSatisfy(each -> assertThat(each.isUp()).isTrue());
            assertThat(link.counters[0].finished() + link.counters[1].finished())
                    .as("one at the start and one an hour later, counted at both ends")
                    .isEqualTo(4);
        }
    }

    /** The sender tells its epoch, and the peer makes the keys that it missed, without being polled otherwise. */
    @Test
    void anEndThatMissedWholeEpochsMakesItsKeys() {
        try (LinkEnds link = new LinkEnds()) {
            link.start();
            link.runUntilUp();
            for (long i = 0; i <= 3 * GENERATION_FRAMES; i++) {
                if (i % 1_000 == 0) {
                    link.ends[0].poll(link.wire.nowNs, link.clock[0]);
                }
                assertThat(link.seal(0)).isNotNull();
            }
            link.wire.nowNs += LinkEnds.SECOND_NS; // longer than three epochs may take
            link.ends[0].poll(link.wire.nowNs, ++link.clock[0]);
            ask(link);
            for (int i = 0; i < 1_000 && link.open(1, link.seal(0)) != FrameStatus.OK; i++) {
                step(link, "step=" + i, LinkEnds.STEP_NS);
            }
            assertThat(link.open(1, link.seal(0))).isEqualTo(FrameStatus.OK);
        }
    }

    /** A millisecond or more goes by; messages arrive, and each end is polled, but is asked only when something happened. */
    private void step(LinkEnds link, String where, long ns) {
        link.wire.nowNs += ns;
        final int before = link.wire.delivered();
        link.wire.deliver(link.ends);
        final boolean messages = link.wire.delivered() != before;
        for (int end = 0; end < 2; end++) {
            final boolean due = link.wire.nowNs - dueNs[end] >= 0;
            final int work = link.ends[end].poll(link.wire.nowNs, ++link.clock[end]);
            if (due) {
                polls[end]++;
            } else if (!messages) {
                assertThat(work)
                        .as("%s, end=%d: work before it was due", where, end)
                        .isZero();
            }
        }
        ask(link);
    }

    private void ask(LinkEnds link) {
        for (int end = 0; end < 2; end++) {
            final long wait = link.ends[end].waitNs(link.wire.nowNs);
            dueNs[end] = wait > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : link.wire.nowNs + wait;
        }
    }
}
