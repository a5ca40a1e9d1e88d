package io.millrace.node.keys;

import io.millrace.sphinx.SphinxProfile;
import io.millrace.text.ConfigException;
import java.nio.file.Path;

/** An {@link EpochSpan} as three lines: begin, end, law; and a fourth, the profile, unless it is mr1. */
final class EpochSpanText {
    private EpochSpanText() {}

    static String format(EpochSpan span) {
        return span.notBeforeMs() + "\n" + span.notAfterMs() + "\n" + span.law() + "\n"
                + (span.profile() == SphinxProfile.MR1 ? "" : span.profile().label() + "\n");
    }

    /**
     * Reads the text of {@link #format}.
     *
     * @param file for the message.
     * @throws ConfigException if the text is something else.
     */
    static EpochSpan parse(Path file, long number, String text) {
        final String[] lines = text.split("\n", -1);
        if (lines.length < 4 || lines.length > 5 || !lines[lines.length - 1].isEmpty()) {
            throw new ConfigException(file + ": damaged: must have three or four lines");
        }
        try {
            final SphinxProfile profile = lines.length == 4 ? SphinxProfile.MR1 : SphinxProfile.byLabel(lines[3]);
            return new EpochSpan(number, number(file, lines[0]), number(file, lines[1]), lines[2], profile);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(file + ": damaged: " + e.getMessage(), e);
        }
    }

    static long number(Path file, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ConfigException(file + ": damaged: not a number: " + text, e);
        }
    }
}
