package io.millrace.vrf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The written form of distributions and of durations in them. */
final class DelayText {
    private static final Pattern DISTRIBUTION =
            Pattern.compile("(exponential|uniform)\\(([0-9]{1,15})(ns|us|ms|s),([0-9]{1,15})(ns|us|ms|s)\\)");
    private static final String[] UNITS = {"s", "ms", "us", "ns"};

    private DelayText() {}

    static DelayDistribution parseDistribution(String text) {
        final Matcher matcher = DISTRIBUTION.matcher(text.replace(" ", ""));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a delay distribution is written exponential(MEAN,CAP) or"
                    + " uniform(MIN,MAX) with ns, us, ms or s: distribution=" + text);
        }
        final long first = durationNs(matcher.group(2), matcher.group(3));
        final long second = durationNs(matcher.group(4), matcher.group(5));
        return matcher.group(1).equals("uniform")
                ? DelayDistribution.uniform(first, second)
                : DelayDistribution.exponential(first, second);
    }

    /** Writes a duration in the largest unit in which it is whole. */
    static String format(long durationNs) {
        for (String unit : UNITS) {
            if (durationNs != 0 && durationNs % unitNs(unit) == 0) {
                return durationNs / unitNs(unit) + unit;
            }
        }
        return "0ns";
    }

    private static long durationNs(String amount, String unit) {
        try {
            return Math.multiplyExact(Long.parseLong(amount), unitNs(unit));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("duration is too long: duration=" + amount + unit, e);
        }
    }

    private static long unitNs(String unit) {
        return switch (unit) {
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us" -> 1_000L;
            default -> 1L;
        };
    }
}
