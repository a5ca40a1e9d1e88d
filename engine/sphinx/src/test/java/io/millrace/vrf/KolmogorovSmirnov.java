package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongSupplier;

/** The one-sample Kolmogorov-Smirnov test of delays against an exact distribution function. */
final class KolmogorovSmirnov {
    /** sqrt(n) * D exceeds this once in a million: 2 * exp(-2 * 2.694^2) = 1e-6. */
    private static final double CRITICAL = 2.694;

    private KolmogorovSmirnov() {}

    static void assertFollows(int count, LongSupplier delays, DoubleUnaryOperator cumulative) {
        assertThat(statistic(count, delays, cumulative)).isLessThan(CRITICAL);
    }

    static void assertDoesNotFollow(int count, LongSupplier delays, DoubleUnaryOperator cumulative) {
        assertThat(statistic(count, delays, cumulative)).isGreaterThan(CRITICAL);
    }

    private static double statistic(int count, LongSupplier delays, DoubleUnaryOperator cumulative) {
        final long[] sorted = new long[count];
        Arrays.setAll(sorted, i -> delays.getAsLong());
        Arrays.sort(sorted);
        double distance = 0;
        for (int i = 0; i < count; i++) {
            final long delay = sorted[i];
            // A delay stands for the nanosecond that begins with it: P(delay < d) = F(d), P(delay <= d) = F(d + 1).
            final boolean first = i == 0 || sorted[i - 1] != delay;
            final boolean last = i == count - 1 || sorted[i + 1] != delay;
            if (first) {
                distance = Math.max(distance, Math.abs(cumulative.applyAsDouble((double) delay) - (double) i / count));
            }
            if (last) {
                distance = Math.max(distance, Math.abs(cumulative.applyAsDouble(delay + 1.0) - (i + 1.0) / count));
            }
        }
        return Math.sqrt(count) * distance;
    }

    /** P(exponential below {@code x}, given that it is below the cap). */
    static DoubleUnaryOperator exponential(long meanNs, long capNs) {
        final double cap = (double) capNs;
        return x -> Math.expm1(-Math.clamp(x, 0, cap) / meanNs) / Math.expm1(-cap / meanNs);
    }

    /** P(uniform over the whole numbers from min to max is below {@code x}), for a whole {@code x}. */
    static DoubleUnaryOperator uniform(long minNs, long maxNs) {
        return x -> Math.clamp((x - minNs) / (maxNs - minNs + 1), 0.0, 1.0);
    }
}
