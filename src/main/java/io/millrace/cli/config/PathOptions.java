package io.millrace.cli.config;

import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.Section;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.Given;
import io.millrace.node.config.Key;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The settings of the relay that a command measures: the table {@code [engine]} of a relay's file, or else defaults of the
 * measurement, and options that override both. A picocli mixin, read after parsing.
 */
public final class PathOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Section(Section.RELAY)
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Measure the engine of this relay's file (TOML). Its table [engine] replaces the defaults of the options"
                            + " here; given options override it.")
    @PathOption(PathKind.FILE)
    private Path config;

    @Section(Section.RELAY)
    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description = "Crypto provider: auto, lanes, lanes:LEVEL (avx2, avx512, ifma, neon) or sodium (default:"
                    + " ${DEFAULT-VALUE}, the fastest that this machine runs).")
    private String provider = "auto";

    @Section(Section.RELAY)
    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Wire profile of the packets: mr1 or mr2 (default: ${DEFAULT-VALUE}).")
    private String profile = "mr1";

    @Section(Section.RELAY)
    @Option(
            names = "--threading",
            paramLabel = "MODE",
            description = "shared, split or parallel(N) (default: ${DEFAULT-VALUE}).")
    private String threading;

    @Section(Section.RELAY)
    @Option(
            names = "--idle",
            paramLabel = "MODE",
            description = "busy-spin, yielding or backoff (default: ${DEFAULT-VALUE}).")
    private String idle = "backoff";

    @Option(names = "--wait", hidden = true, description = "The name of --idle in earlier versions.")
    private String wait;

    @Section(Section.RELAY)
    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Packets that a stage works on at once, 1 to 256 (default: ${DEFAULT-VALUE}).")
    private String batch;

    @Section(Section.RELAY)
    @Option(
            names = "--delay",
            paramLabel = "D",
            description = "exponential(MEAN,CAP) or uniform(MIN,MAX) (default: ${DEFAULT-VALUE}).")
    private String delay = EngineKeys.SHORT_DELAY;

    @Section(Section.RELAY)
    @Option(
            names = "--policy",
            paramLabel = "P",
            description = "sender, epoch-vrf or packet-vrf (default: ${DEFAULT-VALUE}).")
    private String policy = "epoch-vrf";

    /**
     * Options with these defaults.
     *
     * @param threading as on the command line.
     * @param batch packets that a stage works on at once.
     */
    public PathOptions(String threading, int batch) {
        this.threading = threading;
        this.batch = Integer.toString(batch);
    }

    /** Whether the user named a file. */
    public boolean hasFile() {
        return config != null;
    }

    /**
     * The settings of the relay.
     *
     * @return all of them.
     * @throws io.millrace.text.ConfigException if the file or an option is wrong.
     * @throws IOException if the file cannot be read.
     */
    public EngineSettings settings() throws IOException {
        Given given = hasFile() ? ConfigFile.engine(config) : Given.none(EngineKeys.SECTION);
        given = with(given, EngineKeys.PROVIDER, "--provider", provider);
        given = with(given, EngineKeys.PROFILE, "--profile", profile);
        given = with(given, EngineKeys.THREADING, "--threading", threading);
        given = wait == null
                ? with(given, EngineKeys.IDLE, "--idle", idle)
                : given.with(EngineKeys.IDLE, wait, "--wait");
        given = with(given, EngineKeys.BATCH, "--batch", batch);
        given = with(given, EngineKeys.DELAY, "--delay", delay);
        given = with(given, EngineKeys.POLICY, "--policy", policy);
        return EngineSettings.of(given);
    }

    /** A default of an option has no effect if the user named a file. */
    private <T> Given with(Given given, Key<T> key, String option, String text) {
        return hasFile() && !command.commandLine().getParseResult().hasMatchedOption(option)
                ? given
                : given.with(key, text, option);
    }
}
