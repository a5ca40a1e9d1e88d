package io.millrace.cli.bench;

import io.millrace.cli.console.Section;
import io.millrace.cli.console.UsageError;
import picocli.CommandLine.Option;

/** {@code --seconds}: how long a measurement takes; a picocli mixin. */
final class SecondsOption {
    private static final int MOST = 86_400;

    @Section(Section.RUN)
    @Option(names = "--seconds", paramLabel = "N", description = "Measure for N seconds (default: ${DEFAULT-VALUE}).")
    private int seconds;

    /** The option with that default. */
    SecondsOption(int seconds) {
        this.seconds = seconds;
    }

    /** Seconds, 1 to 86,400. */
    int get() {
        if (seconds < 1 || seconds > MOST) {
            throw new UsageError("--seconds must be 1 to 86400: seconds=" + seconds);
        }
        return seconds;
    }
}
