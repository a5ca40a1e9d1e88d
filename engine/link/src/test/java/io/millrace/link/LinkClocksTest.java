package io.millrace.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Links while the clocks of both ends jump by seconds, hours, days and back. Whatever happened, the link is up within the
 * window of {@code src/docs/specs/links.md} after the last disturbance.
 */
class LinkClocksTest {
    private static final long DAY_MS = 86_400_000;
    private static final long DAY_NS = DAY_MS * 1_000_000;

    /** Quiet time, five probes, two handshakes: time after which a link is up again. */
    private static final long WINDOW_NS = 30 * LinkEnds.SECOND_NS;

    private static final int SEEDS = 40;
    private static final int JUMPS = 12;

    @Test
    void comesUpWithinTheWindowHoweverTheClocksJump() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (LinkEnds link = new LinkEnds()) {
                jumps(link, seed);
            }
        }
    }

    @Test
    void wallClocksThatJumpTakeNoLinkDown() {
        final SplittableRandom random = new SplittableRandom(7);
        try (LinkEnds link = new LinkEnds()) {
            link.start();
            link.runUntilUp();
            for (int i = 0; i < 50; i++) {
                link.clock[random.nextInt(2)] += jump(random, DAY_MS);
                link.run(120 * LinkEnds.SECOND_NS);
                assertThat(link.links[0].isUp() && link.links[1].isUp()).isTrue();
            }
            for (LinkCounters counters : link.counters) {
                assertThat(counters.finished()).as("one an hour, and the first").isEqualTo(2);
                assertThat(counters.failures()).doesNotContainKeys(LinkFailure.LOST, LinkFailure.REPLAYED);
            }
        }
    }

    private static void jumps(LinkEnds link, long seed) {
        link.random = new SplittableRandom(seed);
        final SplittableRandom random = link.random.split();
        link.wire = new SimulatedWire(link.random.split(), 0, 0.1, 50_000_000);
        link.clock[0] = 1_000 * DAY_MS;
        link.clock[1] = 1_000 * DAY_MS;
        link.start();
        for (int i = 0; i < JUMPS; i++) {
            final int end = random.nextInt(2);
            final boolean restarts = random.nextInt(3) == 0;
            switch (random.nextInt(3)) {
                case 0 -> link.clock[end] += jump(random, DAY_MS);
                case 1 -> link.wire.skewNs[end] += jump(random, DAY_NS);
                default -> link.wire.nowNs += random.nextLong(2 * DAY_NS);
            }
            if (restarts) {
                link.restart(end);
            }
            if (random.nextInt(3) == 0) {
                link.run(random.nextLong(5 * LinkEnds.SECOND_NS));
                continue;
            }
            final long limit = link.wire.nowNs + WINDOW_NS;
            while (!(link.links[0].isUp() && link.links[1].isUp() && link.carriesBothWays())) {
                link.step(10 * LinkEnds.STEP_NS);
                assertThat(link.wire.nowNs)
                        .as("seed=%d, jump %d: the link is not up", seed, i)
                        .isLessThan(limit);
            }
        }
    }

    /** Seconds, hours or days, forward or back. */
    private static long jump(SplittableRandom random, long day) {
        final long most = switch (random.nextInt(3)) {
            case 0 -> day / 1_440;
            case 1 -> day / 4;
            default -> 30 * day;
        };
        return random.nextLong(-most, most + 1);
    }
}
