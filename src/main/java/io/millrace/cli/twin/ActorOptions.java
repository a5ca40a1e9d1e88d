package io.millrace.cli.twin;

import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.UsageError;
import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.HybridClock;
import io.millrace.node.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The actors whose operations a command takes, and how far their clocks may be off. */
final class ActorOptions {
    /** Ten years: to take operations that were signed while a clock was ahead. */
    private static final int MAX_SKEW_SECONDS = 315_360_000;

    /** What to do about operations that are refused because their time is in the future. */
    static final String AHEAD = "a clock of their author was ahead; to take them all the same, give --max-skew SECONDS";

    @Option(
            names = "--actors",
            paramLabel = "FILE",
            required = true,
            description = "Which actors may sign: a TOML file of [[actor]] entries with name and public-key; a revoked"
                    + " actor has revoked-after or revoked-by too.")
    @PathOption(PathKind.FILE)
    private Path actors;

    @Option(
            names = "--max-skew",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Refuse operations further in the future, up to ten years (default: ${DEFAULT-VALUE}).")
    private int maxSkewSeconds;

    ActorRegistry registry() throws IOException {
        return ConfigFile.actors(actors);
    }

    HybridClock clock() {
        return clock(maxSkewSeconds);
    }

    /** The clock that believes operations up to that far ahead. */
    static HybridClock clock(int maxSkewSeconds) {
        if (maxSkewSeconds < 0 || maxSkewSeconds > MAX_SKEW_SECONDS) {
            throw new UsageError("--max-skew must be 0 to " + MAX_SKEW_SECONDS + ": maxSkew=" + maxSkewSeconds);
        }
        return new HybridClock(System::currentTimeMillis, 1000L * maxSkewSeconds);
    }
}
