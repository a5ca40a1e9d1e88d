package io.millrace.node;

import io.millrace.relay.EngineCounters;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * How well a relay hides its packets at its present load: the uncertainty in bits of an observer of all its links about
 * which received packet a packet that leaves was, from the measured rate and the law of the delays.
 *
 * <p>Unknown in the first {@value #WINDOW_SECONDS} s, and where senders draw the delays.
 *
 * <p>Threading: any.
 */
public final class LiveEntropy {
    /** Bits below which a relay with traffic warns: an observer's best guess is then right once in 32 packets or more. */
    static final double FLOOR_BITS = 5;

    private static final int WINDOW_SECONDS = 10;
    private static final double NS_PER_S = 1e9;

    private final DelayDistribution law;
    private final boolean known;
    private final LongSupplier clock;
    private long beginNs;
    private long countAtBegin;
    private double bits = Double.NaN;
    private boolean traffic;
    private boolean below;

    /**
     * Begins the first window.
     *
     * @param law distribution of the delays.
     * @param policy that draws them; entropy is unknown under SENDER.
     * @param clock nanoseconds of a monotonic clock.
     */
    public LiveEntropy(DelayDistribution law, DelayPolicy policy, LongSupplier clock) {
        this.law = law;
        this.known = policy != DelayPolicy.SENDER;
        this.clock = clock;
        this.beginNs = clock.getAsLong();
    }

    /**
     * The bits of the last complete window.
     *
     * @param counters of the relay, now.
     * @return bits, 0 or more; empty before the end of the first window.
     */
    public synchronized OptionalDouble bits(EngineCounters counters) {
        look(counters.forwarded() + counters.delivered());
        return Double.isNaN(bits) ? OptionalDouble.empty() : OptionalDouble.of(bits);
    }

    /**
     * The bits over a whole run.
     *
     * @param packets that left, 0 or more.
     * @param seconds that the run took, 0 or more.
     * @return bits; empty if nothing left or the law is the senders'.
     */
    public OptionalDouble bitsOf(long packets, double seconds) {
        return known && packets > 0 && seconds > 0
                ? OptionalDouble.of(law.mixEntropyBits(packets / seconds))
                : OptionalDouble.empty();
    }

    /**
     * A warning when the last complete window fell below the floor, a note when one rose above it.
     *
     * @param counters of the relay, now.
     * @return one line; empty if nothing changed.
     */
    public synchronized Optional<String> change(EngineCounters counters) {
        bits(counters);
        if (Double.isNaN(bits) || !traffic || below == bits < FLOOR_BITS) {
            return Optional.empty();
        }
        below = bits < FLOOR_BITS;
        return Optional.of(
                below
                        ? String.format(
                                Locale.ROOT,
                                "the delays hide little at this load: an observer has %.1f bits to guess, fewer than %.0f;"
                                        + " raise the mean of [engine] delay=%s, or the traffic",
                                bits,
                                FLOOR_BITS,
                                law)
                        : String.format(Locale.ROOT, "the delays hide %.1f bits at this load again", bits));
    }

    private void look(long count) {
        final double seconds = (clock.getAsLong() - beginNs) / NS_PER_S;
        if (!known || seconds < WINDOW_SECONDS) {
            return;
        }
        traffic = count > countAtBegin;
        bits = traffic ? law.mixEntropyBits((count - countAtBegin) / seconds) : 0;
        beginNs = clock.getAsLong();
        countAtBegin = count;
    }
}
