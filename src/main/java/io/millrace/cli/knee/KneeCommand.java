package io.millrace.cli.knee;

import io.millrace.cli.config.PathOptions;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.StepLine;
import io.millrace.cli.console.UsageError;
import io.millrace.natives.ProcessorAffinity;
import io.millrace.node.config.EngineSettings;
import io.millrace.rig.judge.Mutant;
import io.millrace.rig.knee.KneeCase;
import io.millrace.rig.knee.KneeOptions;
import io.millrace.rig.knee.KneeReport;
import io.millrace.rig.knee.KneeRun;
import io.millrace.rig.measure.CoreSplit;
import io.millrace.rig.process.JavaCommand;
import io.millrace.vrf.DelayPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code knee}: the highest rate without loss, and the latency below it. */
@Command(
        name = "knee",
        description = {
            "Measures the highest loss-free rate of a relay and its latency.",
            "The relay runs in another process, over UDP or TCP on loopback, with 16 neighbours, random (Poisson)"
                    + " arrivals, handshaked links, a journal and rolling keys.",
            "The knee is a rate of which three intervals of 10 s out of three lose no packet, and 95 %% of which holds"
                    + " once more. A bare forwarder of frames and the machine's stalls are measured for comparison.",
            "Open loop: the latency of a packet counts from when it was due, less its mixing delay.",
            "Judges departures: exit code 1 if packets leave other than the disclosed law says, or if an observer of"
                    + " the wires finds more of them than in an ideal mix.",
            "The relay has one thread (shared) by default, which leaves one of two cores for the generator.",
            "Writes knee.json, histograms (.hgrm) and charts (.png) into a folder. Takes up to six minutes; --quick"
                    + " one."
        })
public final class KneeCommand extends ProgramCommand {
    private static final int PACKETS_MIN = 1_000;
    private static final int PACKETS_MAX = 4_000_000;
    private static final int REPLAY_TAGS_MAX = 100_000_000;
    private static final double INTERVAL = 10;
    private static final double QUICK_INTERVAL = 2;
    private static final int QUICK_PACKETS = 150_000;
    private static final int CONFIRMATIONS = 3;

    @Option(
            names = "--link",
            paramLabel = "NAME",
            defaultValue = "udp",
            description = {
                "Carrier, udp or tcp (default: ${DEFAULT-VALUE}). Over TCP an overloaded relay loses nothing at first",
                "but holds the generator back: then the knee is the highest rate that it takes without doing so."
            })
    private String link;

    @Option(
            names = "--interval",
            paramLabel = "S",
            description = "Seconds that a rate must pass without loss, 0.1 to 600 (default: 10; with --quick 2).")
    private Double interval;

    @Option(
            names = "--confirm",
            paramLabel = "K",
            description = "Intervals that must pass one after the other, 1 to 100 (default: 3; with --quick 1).")
    private Integer confirmations;

    @Option(names = "--quick", description = "Short intervals: about a minute, for a first look.")
    private boolean quick;

    @Option(
            names = "--best-case",
            description = {
                "The circumstances that suit a relay best: one neighbour to each side, evenly spaced packets,"
                        + " pre-shared link keys,"
                        + " no journal, a replay set that fits the caches, one key epoch. For comparison with earlier runs."
            })
    private boolean bestCase;

    @Option(
            names = "--replay-tags",
            paramLabel = "N",
            description =
                    "Tags that a key epoch of the relay can remember, 1000 to 100000000 (default: 4194304, a relay's).")
    private Integer replayTags;

    @Option(
            names = "--mutant",
            paramLabel = "NAME",
            defaultValue = "",
            hidden = true,
            description =
                    "Let the relay under test cheat, to show that knee notices: no-delay, equal-delays, frozen-epoch,"
                            + " wrong-law, halved, early-1pct, front-1pct.")
    private String mutant;

    @Option(
            names = "--packets",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Distinct packets to prepare, at 2.2 KB; an interval ends with them (default: what 15 s allow).",
                "The forwarder gets frames with nothing but a number, at most ten times as many."
            })
    private int packets;

    @Option(
            names = "--first-rate",
            paramLabel = "R",
            defaultValue = "8000",
            description = "Packets a second that the sweep begins with (default: ${DEFAULT-VALUE}).")
    private double firstRate;

    @Option(
            names = "--resolution",
            paramLabel = "P",
            defaultValue = "3",
            description = "How close the search goes, in percent of the rate (default: ${DEFAULT-VALUE}).")
    private double resolution;

    @Option(
            names = "--jfr",
            paramLabel = "FILE",
            description = {
                "Make a flight recording of the relay in one more interval, at half of the knee; read it with explain.",
                "It maps arrivals to departures."
            })
    @PathOption(PathKind.WRITTEN_IN_PLACE)
    private Path recording;

    @Option(
            names = "--cores",
            paramLabel = "R/G",
            defaultValue = "",
            description = {
                "Processors of the relay and of the generator, for example 0/1 or 0-2,4/3 (default: all for both).",
                "Threads that the JVM itself started, its compiler's among them, stay where they are. Linux only."
            })
    private String cores;

    @Mixin
    private final PathOptions path = new PathOptions("shared", 16);

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the generator's draws (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "knee",
            description = "Folder for the files, made if it is not there (default: ${DEFAULT-VALUE}).")
    @PathOption(PathKind.WRITTEN_FOLDER)
    private Path out;

    @Override
    protected int run(Output output) throws Exception {
        final KneeOptions options = options(output);
        JavaCommand.remark().ifPresent(output::note);
        final KneeReport report;
        try (StepLine steps = new StepLine("knee", output)) {
            report = new KneeRun(options, steps.progress()).run();
        }
        KneePrinter.print(report, output);
        output.line("");
        output.line("Files: " + out.toAbsolutePath().normalize());
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private KneeOptions options(Output output) throws IOException {
        final EngineSettings engine = path.settings();
        final double seconds = interval != null ? interval : quick ? QUICK_INTERVAL : INTERVAL;
        final int confirmed = confirmations != null ? confirmations : quick ? 1 : CONFIRMATIONS;
        require(seconds >= 0.1 && seconds <= 600, "--interval must be 0.1 to 600: interval=" + seconds);
        require(confirmed >= 1 && confirmed <= 100, "--confirm must be 1 to 100: confirm=" + confirmed);
        requireMutant(engine.policy());
        require(
                packets == 0 || (packets >= PACKETS_MIN && packets <= PACKETS_MAX),
                "--packets must be " + PACKETS_MIN + " to " + PACKETS_MAX + ": packets=" + packets);
        require(firstRate >= 100 && firstRate <= 1e7, "--first-rate must be 100 to 10000000: firstRate=" + firstRate);
        require(resolution >= 0.1 && resolution <= 50, "--resolution must be 0.1 to 50: resolution=" + resolution);
        require(KneeOptions.LINKS.contains(link), "--link must be udp or tcp: link=" + link);
        if (engine.receipts().isPresent()) {
            output.note("knee measures no receipts: leaving out those of the file");
        }
        return new KneeOptions(
                circumstances(engine),
                link.equals("tcp"),
                engine,
                seconds,
                confirmed,
                quick,
                packets == 0 && quick ? QUICK_PACKETS : packets,
                firstRate,
                resolution / 100,
                Optional.ofNullable(recording),
                coreSplit(),
                seed,
                mutant,
                out);
    }

    private CoreSplit coreSplit() {
        final CoreSplit split;
        try {
            split = CoreSplit.parse(cores);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--cores=" + cores + ": " + e.getMessage(), e);
        }
        final BitSet allowed = ProcessorAffinity.ofCurrentThread();
        require(
                split.equals(CoreSplit.NONE) || ProcessorAffinity.isAvailable(),
                "--cores=" + cores + ": this system cannot choose processors");
        Stream.of(split.relay(), split.generator())
                .flatMap(List::stream)
                .forEach(number -> require(
                        allowed.get(number),
                        "--cores=" + cores + ": no processor " + number + " for this process, only " + allowed));
        return split;
    }

    private KneeCase circumstances(EngineSettings engine) {
        final KneeCase standard = bestCase ? KneeCase.BEST : KneeCase.ORDINARY;
        final KneeCase named = bestCase || !path.hasFile() ? standard : standard.of(engine);
        if (replayTags == null) {
            return named;
        }
        require(
                replayTags >= PACKETS_MIN && replayTags <= REPLAY_TAGS_MAX,
                "--replay-tags must be 1000 to 100000000: replay-tags=" + replayTags);
        return named.withReplayTags(replayTags);
    }

    private void requireMutant(DelayPolicy policy) {
        if (mutant.isEmpty()) {
            return;
        }
        try {
            final Mutant named = Mutant.byLabel(mutant);
            require(named != Mutant.TICK_ORDER, "--mutant=tick-order: only engine tests have it, see measuring.md");
            require(policy == DelayPolicy.EPOCH_VRF, "--mutant needs --policy epoch-vrf: policy=" + policy.label());
        } catch (IllegalArgumentException e) {
            throw new UsageError("--mutant=" + mutant + ": " + e.getMessage(), e);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new UsageError(message);
        }
    }
}
