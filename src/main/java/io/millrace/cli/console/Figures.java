package io.millrace.cli.console;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Numbers for the cells of tables and for sentences: a point for the fraction, commas between thousands. */
public final class Figures {
    private static final double NS_PER_US = 1_000;
    private static final double BYTES_PER_MB = 1e6;
    private static final double PERCENT = 100;

    private Figures() {}

    /**
     * A time on the clock, to a tenth of a microsecond.
     *
     * @param ns in nanoseconds.
     * @return in microseconds, without the unit.
     */
    public static String micros(double ns) {
        return text("%,.1f", ns / NS_PER_US);
    }

    /**
     * A time on the clock, to a tenth of a microsecond.
     *
     * @param ns in nanoseconds.
     * @return in microseconds, without the unit.
     */
    public static String micros(long ns) {
        return micros((double) ns);
    }

    /**
     * A cost, to 10 ns.
     *
     * @param ns in nanoseconds.
     * @return in microseconds, without the unit.
     */
    public static String cost(double ns) {
        return text("%,.2f", ns / NS_PER_US);
    }

    /**
     * A cost, to 10 ns.
     *
     * @param ns in nanoseconds.
     * @return in microseconds, without the unit.
     */
    public static String cost(long ns) {
        return cost((double) ns);
    }

    /**
     * A difference of two costs, with its sign.
     *
     * @param ns in nanoseconds.
     * @return in microseconds, without the unit.
     */
    public static String difference(double ns) {
        return text("%+,.2f", ns / NS_PER_US);
    }

    /**
     * A whole number.
     *
     * @param value rounded to the nearest.
     */
    public static String whole(double value) {
        return text("%,.0f", value);
    }

    /**
     * A whole number.
     *
     * @param value any.
     */
    public static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /**
     * Bytes per second.
     *
     * @param bytes 0 or more.
     * @return in megabytes of 10^6 bytes, without the unit.
     */
    public static String megabytes(double bytes) {
        return text("%,.1f", bytes / BYTES_PER_MB);
    }

    /**
     * Bytes.
     *
     * @param bytes 0 or more.
     * @return in megabytes of 10^6 bytes, without the unit.
     */
    public static String megabytes(long bytes) {
        return megabytes((double) bytes);
    }

    /**
     * A share, with its unit.
     *
     * @param share 1 for all.
     */
    public static String percent(double share) {
        return text("%.1f %%", PERCENT * share);
    }

    /**
     * Counts by name: {@code replayed 12, too-late 1,200}; {@code none} if there are no names.
     *
     * @param counts by name, may be empty.
     */
    public static String counts(Map<String, ? extends Number> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(each -> each.getKey() + " " + whole(each.getValue().doubleValue()))
                        .collect(Collectors.joining(", "));
    }

    /**
     * A count with its noun: {@code 1 receipt}, {@code 1,200 receipts}.
     *
     * @param count 0 or more.
     * @param noun in the singular, of a regular plural.
     */
    public static String counted(long count, String noun) {
        return whole(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /**
     * A number in another form.
     *
     * @param format of {@link String#format}, for one number.
     * @param value of it.
     */
    public static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
