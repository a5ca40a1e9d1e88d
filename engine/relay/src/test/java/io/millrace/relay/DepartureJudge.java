package io.millrace.relay;

import io.millrace.config.ThreadingMode;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges a relay by what left it: every packet once, none early, none later than a tick and a round after the delay that
 * the relay's disclosure and the sender's tag give; and packets of one tick in an order that is not the one they came in.
 *
 * <p>A fair relay is never refused for its delays; for its orders, with {@link #BURSTS} bursts of {@link #BURST} packets
 * of which at most one may keep its order, once in 8 million runs.
 */
final class DepartureJudge {
    static final DelayDistribution LAW = DelayDistribution.exponential(2_000_000, 8_000_000);

    private static final int BURSTS = 20;
    private static final int BURST = 8;
    private static final int EPOCHS = 3;

    private DepartureJudge() {}

    /**
     * Runs a relay with several rolls of its key epoch.
     *
     * @param policy name of the {@link DelayPolicy}.
     * @param mode name of the {@link ThreadingMode}.
     * @param packets to send.
     * @param seed of the history.
     * @return complaints, none about a fair relay; by names and texts, because a mutated relay is of another class loader.
     */
    static List<String> delays(String policy, String mode, int packets, long seed) throws IOException {
        final List<String> complaints = new ArrayList<>();
        try (JudgedRelay relay = new JudgedRelay(DelayPolicy.valueOf(policy), ThreadingMode.valueOf(mode), LAW, seed)) {
            relay.run(packets, EPOCHS);
            final long[] left = new long[packets];
            final int[] times = new int[packets];
            for (JudgedPacket.Seen seen : relay.seen()) {
                times[seen.packet()]++;
                left[seen.packet()] = seen.leftNs();
            }
            final long[] expected = relay.expected(complaints);
            final long slack = JudgedRelay.TICK_NS + JudgedRelay.LONGEST_STEP_NS;
            for (int i = 0; i < packets; i++) {
                final long delay = left[i] - relay.sent().get(i).enteredNs();
                final String facts = "packet=" + i + ", delayNs=" + delay + ", expectedNs=" + expected[i];
                if (times[i] != 1) {
                    complaints.add("left " + times[i] + " times: " + facts + " " + relay.counters());
                } else if (delay < expected[i]) {
                    complaints.add("early: " + facts);
                } else if (delay > expected[i] + slack) {
                    complaints.add("late: " + facts);
                }
            }
        }
        return complaints;
    }

    /**
     * Runs a relay whose packets come in bursts and leave in one tick.
     *
     * @param mode name of the {@link ThreadingMode}.
     * @param seed of the history.
     * @return complaints, none about a fair relay.
     */
    static List<String> orders(String mode, long seed) {
        final List<String> complaints = new ArrayList<>();
        int kept = 0;
        try (JudgedRelay relay = new JudgedRelay(
                DelayPolicy.SENDER, ThreadingMode.valueOf(mode), DelayDistribution.uniform(0, 3_000_000), seed)) {
            relay.runBursts(BURSTS, BURST);
            for (int i = 0; i < BURSTS; i++) {
                boolean inOrder = true;
                for (int k = 1; k < BURST; k++) {
                    inOrder &= relay.seen().get(i * BURST + k - 1).packet()
                            < relay.seen().get(i * BURST + k).packet();
                }
                kept += inOrder ? 1 : 0;
            }
        }
        if (kept > 1) {
            complaints.add("packets of one tick left in the order in which they came: bursts=" + kept);
        }
        return complaints;
    }
}
