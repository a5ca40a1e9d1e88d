package io.millrace.cli.console;

import io.millrace.rig.progress.Progress;
import io.millrace.rig.progress.ProgressListener;
import io.millrace.rig.progress.Step;
import io.millrace.text.Shown;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * Shows the steps of a measurement on stderr: {@code bench matrix: 7 of 24, threading split, about 3 min left}. On a
 * terminal one line is rewritten, and erased at the end. Elsewhere each step is a line; steps planned shorter than
 * {@value #SHORT_S} s are left out if the last line is less than {@value #QUIET_S} s old.
 *
 * <p>Not thread safe.
 */
public final class StepLine implements ProgressListener, AutoCloseable {
    private static final int SHORT_S = 2;
    private static final int QUIET_S = 5;
    private static final int MINUTE_S = 60;
    private static final int HOUR_MIN = 60;
    private static final int ROUND_S = 5;
    private static final int SECONDS_UP_TO = 90;
    private static final int ROUND_MIN = 5;

    private final String command;
    private final Output output;
    private final OptionalInt columns;
    private Duration lastLine; // null before the first
    private int shown; // characters of the line on the terminal

    /**
     * Shows the steps on stderr, which may be a terminal.
     *
     * @param command its name, which begins each line: {@code bench matrix}.
     * @param output whose stderr gets the lines.
     */
    public StepLine(String command, Output output) {
        this(
                command,
                output,
                TerminalSize.ofErrors()
                        .map(size -> OptionalInt.of(size.columns()))
                        .orElseGet(OptionalInt::empty));
    }

    /**
     * As above.
     *
     * @param columns of the terminal that stderr is; empty if it is none.
     */
    StepLine(String command, Output output, OptionalInt columns) {
        this.command = command;
        this.output = output;
        this.columns = columns;
    }

    /** Progress that this line shows, by the clock of the system. */
    public Progress progress() {
        return new Progress(System::nanoTime, this);
    }

    @Override
    public void step(Step step) {
        final String line = line(step);
        if (columns.isPresent()) {
            rewrite(line);
        } else if (lastLine == null
                || step.planned().toSeconds() >= SHORT_S
                || step.elapsed().minus(lastLine).toSeconds() >= QUIET_S) {
            lastLine = step.elapsed();
            output.note(line);
        }
    }

    @Override
    public void note(String line) {
        close();
        output.note(line);
    }

    /** Erases the line on the terminal. */
    @Override
    public void close() {
        if (shown > 0) {
            rewrite("");
            output.bar("");
        }
    }

    private void rewrite(String line) {
        final String safe = Shown.of(line);
        final String text = safe.substring(0, Math.min(safe.length(), columns.orElseThrow() - 1));
        output.bar(text + " ".repeat(Math.max(0, shown - text.length())));
        shown = text.length();
    }

    private String line(Step step) {
        final String place = step.count() == 0 ? "" : step.number() + " of " + step.count() + ", ";
        return command + ": " + place + step.name() + ", about " + words(step.left()) + " left";
    }

    /** A time as a person says it: {@code 40 s}, {@code 3 min}, {@code 1 h 20 min}; rounded up. */
    static String words(Duration time) {
        final long seconds = roundedUp(Math.max(1, time.plusNanos(999_999_999).toSeconds()), ROUND_S);
        if (seconds <= SECONDS_UP_TO) {
            return seconds + " s";
        }
        final long minutes = Math.ceilDiv(seconds, MINUTE_S);
        if (minutes < HOUR_MIN) {
            return minutes + " min";
        }
        final long rounded = roundedUp(minutes, ROUND_MIN);
        return rounded / HOUR_MIN + " h" + (rounded % HOUR_MIN == 0 ? "" : " " + rounded % HOUR_MIN + " min");
    }

    private static long roundedUp(long value, int unit) {
        return Math.ceilDiv(value, unit) * unit;
    }
}
