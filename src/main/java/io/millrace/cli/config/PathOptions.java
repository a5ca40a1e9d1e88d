package io.millrace.cli.config;

import io.millrace.cli.console.Section;
import io.millrace.cli.console.UsageError;
import io.millrace.config.EngineConfig;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.node.config.EngineText;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say how the relay works that a command measures; a picocli mixin, read after parsing. */
public final class PathOptions {
    private static final int MOST_BATCH = 256;
    private static final Duration SHORTEST_WHEEL = Duration.ofMillis(10);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Section(Section.RELAY)
    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description = "Crypto provider (default: ${DEFAULT-VALUE}, the fastest that this machine runs).")
    private String provider = "auto";

    @Section(Section.RELAY)
    @Option(
            names = "--threading",
            paramLabel = "MODE",
            description = "shared, split or parallel(N) (default: ${DEFAULT-VALUE}).")
    private String threading;

    @Section(Section.RELAY)
    @Option(
            names = "--wait",
            paramLabel = "MODE",
            description = "busy-spin, yielding or backoff (default: ${DEFAULT-VALUE}).")
    private String wait = "backoff";

    @Section(Section.RELAY)
    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Packets that a stage works on at once (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Section(Section.RELAY)
    @Option(
            names = "--delay",
            paramLabel = "D",
            description = "exponential(MEAN,CAP) or uniform(MIN,MAX) (default: ${DEFAULT-VALUE}).")
    private String delay = "exponential(1ms,10ms)";

    @Section(Section.RELAY)
    @Option(
            names = "--policy",
            paramLabel = "P",
            description = "sender, epoch-vrf or packet-vrf (default: ${DEFAULT-VALUE}).")
    private String policy = "epoch-vrf";

    /** Options with these defaults. */
    public PathOptions(String threading, int batch) {
        this.threading = threading;
        this.batch = batch;
    }

    /** Takes another default for {@code --threading}, if the user did not name one. */
    public void threadingDefault(String mode) {
        if (!command.commandLine().getParseResult().hasMatchedOption("--threading")) {
            threading = mode;
        }
    }

    /** Name of a crypto provider that this machine runs, or {@code auto}. */
    public String provider() {
        return value("--provider", provider, text -> {
            CryptoProviders.byName(text);
            return text;
        });
    }

    /** The threading mode as it was asked for. */
    public String threading() {
        return threading;
    }

    /** The wait mode as it was asked for. */
    public String idleMode() {
        return wait;
    }

    /** Packets that a stage works on at once. */
    public int batch() {
        return batch;
    }

    /** Distribution of the delays. */
    public DelayDistribution delay() {
        return value("--delay", delay, DelayDistribution::parse);
    }

    /** Who draws the delays. */
    public DelayPolicy policy() {
        return value("--policy", policy, DelayPolicy::byLabel);
    }

    /** Threads, wait mode, batch limit and a wheel for the longest delay; everything else by default. */
    public EngineConfig config() {
        final Duration longest = Duration.ofNanos(delay().maxNs());
        final EngineConfig.Builder config = EngineConfig.builder()
                .idleMode(value("--wait", wait, EngineText::idleMode))
                .maxDelay(longest.compareTo(SHORTEST_WHEEL) < 0 ? SHORTEST_WHEEL : longest);
        value("--threading", threading, text -> {
            EngineText.threading(config, text);
            return text;
        });
        if (batch < 1 || batch > MOST_BATCH) {
            throw new UsageError("--batch=" + batch + ": must be 1 to " + MOST_BATCH);
        }
        return value("--delay", delay, text -> config.batchLimit(batch).build());
    }

    private static <T> T value(String option, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageError(option + "=" + text + ": " + e.getMessage(), e);
        }
    }
}
