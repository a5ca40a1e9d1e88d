package io.millrace.rig.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as text: three significant digits at least, thousands apart, the same in every locale. */
final class Numbers {
    /** Below this a figure per operation is measurement noise. */
    private static final double SMALL = 0.01;

    private static final double NS_PER_US = 1_000;

    private Numbers() {}

    static String text(double value) {
        final double size = Math.abs(value);
        if (Double.isNaN(value)) {
            return "";
        }
        if (value == 0) {
            return "0";
        }
        if (size < 1) {
            return new BigDecimal(value)
                    .round(new MathContext(3))
                    .stripTrailingZeros()
                    .toPlainString();
        }
        final int digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    /** The same; empty where {@code node} is not a number. */
    static String text(JsonNode node) {
        return node.isNumber() ? text(node.asDouble()) : "";
    }

    /** A count, in full. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Nanoseconds as microseconds; empty where there are none. */
    static String micros(JsonNode ns) {
        return ns.isNumber() ? text(ns.asDouble() / NS_PER_US) : "";
    }

    /** Bytes per operation or packet; less than a hundredth is printed as such. */
    static String bytes(double value) {
        return value > 0 && value < SMALL ? "< 0.01" : text(value);
    }
}
