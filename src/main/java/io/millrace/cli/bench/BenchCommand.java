package io.millrace.cli.bench;

import io.millrace.cli.config.PathOptions;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.UsedWith;
import io.millrace.htx.admission.AdmissionConfig;
import io.millrace.receipt.SigningMode;
import io.millrace.rig.attack.AttackReport;
import io.millrace.rig.attack.AttackSuite;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import io.millrace.rig.bench.BenchOptions;
import io.millrace.rig.bench.BenchReport;
import io.millrace.rig.bench.BenchRun;
import io.millrace.rig.bench.Injection;
import io.millrace.rig.flood.FloodReport;
import io.millrace.rig.flood.HtxFlood;
import io.millrace.rig.htx.HtxBench;
import io.millrace.rig.htx.HtxBenchReport;
import io.millrace.rig.judge.Mutant;
import io.millrace.rig.process.JavaCommand;
import io.millrace.rig.twin.TwinBench;
import io.millrace.vrf.DelayPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench}: real packets through the whole engine in one process. */
@Command(
        name = "bench",
        description = {
            "Measures the cost of real packets through the whole engine, in one process.",
            "Open, peel, replay check, delay, seal; among 16 neighbours, with a replay journal.",
            "Prints packets per second and core (all threads of the relay), percentiles per stage, drops by reason and"
                    + " allocation per packet.",
            "Afterwards it judges departures at a light load: exit code 1 if packets leave other than the disclosed"
                    + " law says.",
            "Costs are also given in ladders: the time of one libsodium X25519 in the same run."
        })
public final class BenchCommand extends ProgramCommand {
    private static final int SECONDS = 10;
    private static final int MATRIX_SECONDS = 3;
    private static final int WARMUP_LIMIT_SECONDS = 3;

    @Option(names = "--seconds", paramLabel = "N", description = "Measure for N seconds (default: 10).")
    private Integer secondsAsked;

    private int seconds;

    @Mixin
    private final MatrixOptions matrix = new MatrixOptions();

    @Mixin
    private final PathOptions path = new PathOptions("split", 32);

    @Option(
            names = "--inside",
            paramLabel = "N",
            defaultValue = "12288",
            description = {
                "Most packets in the engine at once, those that wait for their delay included",
                "(default: ${DEFAULT-VALUE}, saturation); 1 sends one packet at a time."
            })
    private int inside;

    @Option(
            names = "--packets",
            paramLabel = "N",
            defaultValue = "16384",
            description = "Distinct packets to prepare (default: ${DEFAULT-VALUE}).")
    private int packets;

    @UsedWith(not = "--matrix")
    @Option(
            names = "--slow-peel",
            paramLabel = "NS",
            defaultValue = "0",
            hidden = true,
            description = "Slow the peel stage down by NS nanoseconds a packet: shows that perf-scripts/gate notices.")
    private long slowPeelNs;

    @UsedWith(not = "--matrix")
    @Option(
            names = "--jfr",
            paramLabel = "FILE",
            description = "Write a flight recording of the run, for explain and for JDK Mission Control.")
    @PathOption(PathKind.WRITTEN_IN_PLACE)
    private Path recording;

    @UsedWith(not = "--matrix")
    @Option(
            names = "--inject-gc",
            hidden = true,
            description = "Collect all garbage every 500 ms: shows that explain notices.")
    private boolean injectGc;

    @UsedWith(not = "--matrix")
    @Option(
            names = "--inject-stall",
            paramLabel = "MS",
            defaultValue = "0",
            hidden = true,
            description =
                    "Stall the wheel's thread for MS milliseconds, 500 ms after the last stall: shows that explain"
                            + " notices.")
    private int injectStallMs;

    @Option(
            names = "--replay",
            paramLabel = "MODE",
            description = {
                "exact: the replay set is in memory; journalled: it is on disk too (default: journalled, with --matrix"
                        + " and --best-case exact);",
                "none: no replay check, which no relay but this closed loop can be without.",
                "Each pass over the packets is another key epoch with another journal."
            })
    private String replay;

    @UsedWith(not = "--matrix")
    @Option(
            names = "--best-case",
            description = "One neighbour to each side and no journal: for comparison with earlier runs.")
    private boolean bestCase;

    @UsedWith(not = "--matrix")
    @Option(
            names = "--mutant",
            paramLabel = "NAME",
            hidden = true,
            description =
                    "Let the relay under test cheat, to show that bench notices: no-delay, equal-delays, frozen-epoch,"
                            + " wrong-law, halved, early-1pct, front-1pct.")
    private String mutant;

    @Option(
            names = "--receipts",
            paramLabel = "MODE",
            description = "batch or single: every packet leaves a receipt, and receipts are measured by themselves.")
    private SigningMode receipts;

    @UsedWith(nothingBut = {"--seconds", "--provider"})
    @Option(
            names = "--htx",
            description = "Measure frames, keys and streams instead; of the other options only --seconds and"
                    + " --provider are allowed.")
    private boolean htx;

    @UsedWith(nothingBut = "--seconds")
    @Option(
            names = "--htx-flood",
            paramLabel = "N",
            arity = "0..1",
            fallbackValue = "10000",
            description = {
                "Measure honest sessions while N (default: ${FALLBACK-VALUE}) hostile connections come instead;",
                "of the other options only --seconds is allowed."
            })
    private Integer flood;

    @UsedWith(nothingBut = "--seconds")
    @Option(
            names = "--htx-attacks",
            paramLabel = "NAMES",
            arity = "0..1",
            fallbackValue = "all",
            description = {
                "Measure honest sessions and newcomers under each attack by itself instead, from one address, one /24"
                        + " and",
                "one IPv6 /48; or under the named attacks, by commas. --seconds is the time of each with its attack,"
                        + " in slices of 0.5 s, each paired with one without."
            })
    private String attacks;

    @UsedWith(nothingBut = {})
    @Option(names = "--twin", description = "Measure signed documents instead; without other options.")
    private boolean twin;

    @Override
    protected int run(Output output) throws InterruptedException, IOException {
        seconds = secondsAsked != null ? secondsAsked : matrix.wanted() ? MATRIX_SECONDS : SECONDS;
        requireSeconds();
        if (htx) {
            return htx(output);
        }
        if (flood != null) {
            if (flood < 20 || flood > 60_000) {
                throw new UsageError("--htx-flood must be 20 to 60000: htx-flood=" + flood);
            }
            return flood(output);
        }
        if (attacks != null) {
            return attacks(output);
        }
        if (twin) {
            return TwinPrinter.print(new TwinBench(output::note).measure(), output);
        }
        if (matrix.wanted()) {
            path.threadingDefault("shared");
            return matrix.run(measuredPath(), packets(), seconds, output);
        }
        final BenchReport report = new BenchRun(options(), output::note).run();
        BenchPrinter.print(report, output);
        if (recording != null) {
            output.line("Recording: " + recording.toAbsolutePath().normalize());
        }
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private int attacks(Output output) throws InterruptedException, IOException {
        final List<String> named = attacks.equals("all") ? AttackSuite.names() : List.of(attacks.split(","));
        for (String each : named) {
            if (!AttackSuite.names().contains(each)) {
                throw new UsageError(
                        "--htx-attacks: " + each + " must be one of " + String.join(", ", AttackSuite.names()));
            }
        }
        final AttackReport report = new AttackSuite(seconds, AdmissionConfig.DEFAULT, output::note).run(named);
        AttackPrinter.print(report, output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private int flood(Output output) throws InterruptedException, IOException {
        JavaCommand.remark().ifPresent(output::note);
        final FloodReport report = new HtxFlood(flood, Duration.ofSeconds(seconds), AdmissionConfig.DEFAULT).measure();
        FloodPrinter.print(report, output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private int htx(Output output) throws IOException {
        final HtxBenchReport report = new HtxBench(seconds, path.provider()).measure();
        HtxPrinter.print(report, output);
        output.object(report);
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private BenchOptions options() {
        return new BenchOptions(
                measuredPath(),
                packets(),
                Math.min(WARMUP_LIMIT_SECONDS, seconds),
                seconds,
                slowPeelNs,
                Optional.ofNullable(recording),
                bestCase ? BenchOptions.BEST_CASE : BenchOptions.ORDINARY,
                mutant(),
                injectGc || injectStallMs > 0 ? new Injection(injectGc, injectStallMs) : Injection.NONE);
    }

    private MeasuredPath measuredPath() {
        if (inside < 1 || inside > 12_288) {
            throw new UsageError("--inside must be 1 to 12288: inside=" + inside);
        }
        return new MeasuredPath(
                path.provider(),
                path.config(),
                path.threading(),
                path.delay(),
                path.policy(),
                inside,
                replay(),
                Optional.ofNullable(receipts));
    }

    private int packets() {
        if (packets < 64 || packets > 4_000_000) {
            throw new UsageError("--packets must be 64 to 4000000: packets=" + packets);
        }
        return packets;
    }

    private ReplayMode replay() {
        try {
            if (replay == null) {
                return bestCase || matrix.wanted() ? ReplayMode.EXACT : ReplayMode.JOURNALLED;
            }
            return ReplayMode.byLabel(replay);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--replay=" + replay + ": " + e.getMessage(), e);
        }
    }

    private Optional<Mutant> mutant() {
        if (mutant == null) {
            return Optional.empty();
        }
        try {
            final Mutant named = Mutant.byLabel(mutant);
            if (named == Mutant.TICK_ORDER || path.policy() != DelayPolicy.EPOCH_VRF) {
                throw new UsageError("--mutant=" + mutant
                        + ": tick-order is for engine tests, and the others need --policy epoch-vrf");
            }
            return Optional.of(named);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--mutant=" + mutant + ": " + e.getMessage(), e);
        }
    }

    private void requireSeconds() {
        if (seconds < 1 || seconds > 86_400) {
            throw new UsageError("--seconds must be 1 to 86400: seconds=" + seconds);
        }
    }
}
