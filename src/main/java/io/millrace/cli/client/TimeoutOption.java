package io.millrace.cli.client;

import io.millrace.cli.console.UsageError;
import io.millrace.transfer.TransferTiming;
import java.time.Duration;

/** The option {@code --patience} of both clients. */
final class TimeoutOption {
    private static final int LEAST_S = 2;
    private static final int MOST_S = 86_400;

    private TimeoutOption() {}

    static TransferTiming timing(int seconds) {
        if (seconds < LEAST_S || seconds > MOST_S) {
            throw new UsageError("must be " + LEAST_S + " to " + MOST_S + " seconds: --patience=" + seconds);
        }
        return TransferTiming.DEFAULT.withPatience(Duration.ofSeconds(seconds));
    }
}
