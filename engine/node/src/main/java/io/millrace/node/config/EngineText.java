package io.millrace.node.config;

import io.millrace.config.EngineConfig;
import io.millrace.config.IdleMode;
import io.millrace.config.ThreadingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How an engine's settings are written, in files and on the command line alike. */
public final class EngineText {
    private static final Pattern PARALLEL = Pattern.compile("parallel\\(([0-9]{1,2})\\)");

    private static final int MOST_WORKERS = 64;

    private EngineText() {}

    /**
     * Sets the threading mode.
     *
     * @param text {@code shared}, {@code split} or {@code parallel(N)}.
     */
    public static void threading(EngineConfig.Builder config, String text) {
        final Matcher parallel = PARALLEL.matcher(text);
        if (parallel.matches()) {
            final int workers = Integer.parseInt(parallel.group(1));
            if (workers < 1 || workers > MOST_WORKERS) {
                throw new IllegalArgumentException("N of parallel(N) must be 1 to " + MOST_WORKERS);
            }
            config.threading(ThreadingMode.PARALLEL).peelWorkers(workers);
            return;
        }
        config.threading(
                switch (text) {
                    case "shared" -> ThreadingMode.SHARED;
                    case "split" -> ThreadingMode.SPLIT;
                    default -> throw new IllegalArgumentException("must be shared, split or parallel(N)");
                });
    }

    /** The wait mode {@code busy-spin}, {@code yielding} or {@code backoff}. */
    public static IdleMode idleMode(String text) {
        for (IdleMode mode : IdleMode.values()) {
            if (text.equals(mode.name().toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return mode;
            }
        }
        throw new IllegalArgumentException("must be busy-spin, yielding or backoff");
    }
}
