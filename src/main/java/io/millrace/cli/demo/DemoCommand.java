package io.millrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.NetworkCommand;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.Termination;
import io.millrace.cli.console.TransferBar;
import io.millrace.cli.console.UsageError;
import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.EpochsEntry;
import io.millrace.node.config.Given;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.rig.process.JavaCommand;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayDistribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code demo FILE}: moves a file through three relays on this machine. */
@Command(
        name = "demo",
        description = {
            "Moves a file through three relays on this machine.",
            "Compares its SHA-256 at both ends.",
            "Sender, relays and receiver are separate processes on 127.0.0.1; their links are handshaked (Noise"
                    + " XK). Keys are made for this run, and everything is deleted at the end."
        })
public final class DemoCommand extends NetworkCommand {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,5})(s|min)");
    private static final Pattern PROGRESS = Pattern.compile("progress: ([0-9]+) of [0-9]+ bytes");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The file to move.")
    @PathOption(PathKind.FILE)
    private Path file;

    @Option(
            names = "--delay",
            paramLabel = "DELAY",
            defaultValue = EngineKeys.SHORT_DELAY,
            description = "The delay of each relay: exponential(MEAN,CAP) or uniform(MIN,MAX) (default:"
                    + " ${DEFAULT-VALUE}).")
    private String delay;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "mr1",
            description = "Wire profile of the Sphinx packets: mr1 or mr2 (default: ${DEFAULT-VALUE}).")
    private String profile;

    @Option(
            names = "--epoch",
            paramLabel = "LENGTH",
            defaultValue = "10s",
            description = "How long each Sphinx key of a relay lives, for example 30s (default: ${DEFAULT-VALUE}).")
    private String epoch;

    @Option(
            names = "--link",
            paramLabel = "CARRIER",
            defaultValue = "udp",
            description = "What carries the links: udp or tcp (default: ${DEFAULT-VALUE}).")
    private DemoLink link;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Fail after so long without progress (default: ${DEFAULT-VALUE}).")
    private int patienceSeconds;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Work in DIR, which is empty or new, and keep keys, configuration, the list of process ids and"
                            + " the received file.")
    @PathOption(PathKind.WRITTEN_FOLDER)
    private Path keep;

    @Override
    protected int serve(Output output) throws Exception {
        if (!Files.isRegularFile(file)) {
            throw new UsageError((Files.exists(file) ? "not a regular file: " : "no such file: ") + file);
        }
        final EngineSettings settings = EngineSettings.of(Given.none(EngineKeys.SECTION)
                .with(EngineKeys.DELAY, delay, "--delay")
                .with(EngineKeys.PROFILE, profile, "--profile"));
        final String distribution = settings.distribution().toString();
        final Duration length = epochLength(distribution);
        final SignalLatch interruption = new SignalLatch();
        try (Termination termination = Termination.onSignal(interruption::signal)) {
            return termination.finished(run(distribution, length, interruption, output));
        }
    }

    /** The length of an epoch, checked here: a relay would refuse it in a child process, less clearly. */
    private Duration epochLength(String distribution) {
        final Matcher matcher = SECONDS.matcher(epoch);
        if (!matcher.matches()) {
            throw new UsageError("--epoch=" + epoch + ": must be a number of seconds or minutes such as 30s or 2min");
        }
        final Duration length = matcher.group(2).equals("s")
                ? Duration.ofSeconds(Long.parseLong(matcher.group(1)))
                : Duration.ofMinutes(Long.parseLong(matcher.group(1)));
        try {
            new EpochSchedule(
                    0, length.toMillis(), EpochsEntry.defaultOverlap(length).toMillis());
        } catch (IllegalArgumentException e) {
            throw new UsageError("--epoch=" + epoch + ": " + e.getMessage(), e);
        }
        final Duration longestDelay =
                Duration.ofNanos(DelayDistribution.parse(distribution).maxNs());
        final Duration shortest = EpochsEntry.shortestLength(longestDelay);
        if (length.compareTo(shortest) < 0) {
            final boolean given = spec.commandLine().getParseResult().hasMatchedOption("--epoch");
            throw new UsageError("--delay=" + delay + " needs epochs of at least " + shortest.toSeconds()
                    + "s, and --epoch is " + epoch + (given ? "" : " by default") + ": give --epoch="
                    + shortest.toSeconds() + "s or a delay with a smaller maximum");
        }
        return length;
    }

    private int run(String distribution, Duration length, SignalLatch interruption, Output output)
            throws IOException, InterruptedException {
        try (DemoFolder folder = keep == null ? DemoFolder.temporary() : DemoFolder.keeping(keep);
                DemoNetwork network = new DemoNetwork(
                        folder.path(),
                        programOptions(),
                        new DemoWire(link.name().toLowerCase(Locale.ROOT), SphinxProfile.byLabel(profile)))) {
            interruption.direct(network);
            final Path received = Files.createDirectory(folder.path().resolve("received"));
            try {
                final DemoReport report = move(network, received, distribution, length, output);
                print(report, output);
                output.object(report);
                return report.verified() ? ExitCode.OK : ExitCode.FAILED;
            } catch (DemoFailure e) {
                network.end();
                // Nothing may be left that looks like the file, though the receiver itself never leaves such a thing.
                DemoFolder.empty(received);
                output.note("millrace: the demo failed: " + e.getMessage());
                output.object(Map.of("verified", false, "failure", e.getMessage()));
                return ExitCode.FAILED;
            }
        }
    }

    private DemoReport move(
            DemoNetwork network, Path received, String distribution, Duration epochLength, Output output)
            throws IOException, DemoFailure, InterruptedException {
        JavaCommand.remark().ifPresent(output::note);
        output.note("starting three relays and a receiver ...");
        network.start(distribution, epochLength, received, patienceSeconds);
        final long length = Files.size(file);
        output.note("moving " + file.getFileName() + " (" + length + " bytes) through "
                + String.join(", ", DemoFiles.RELAYS) + " ...");
        try (TransferBar bar = output.json() ? TransferBar.NONE : TransferBar.open("demo", length, output)) {
            network.send(file, patienceSeconds, line -> {
                final Matcher progress = PROGRESS.matcher(line);
                if (progress.matches()) {
                    bar.show(Long.parseLong(progress.group(1)));
                }
            });
        }
        network.awaitReceiver();
        network.stopRelays();

        final JsonNode sent = JSON.readTree(network.output(DemoFiles.SENDER));
        final List<JsonNode> hops = new ArrayList<>();
        for (String relay : DemoFiles.RELAYS) {
            hops.add(JSON.readTree(network.output(relay)));
        }
        final String expected = FileHash.sha256(file);
        final String actual = FileHash.sha256(Path.of(JSON.readTree(network.output(DemoFiles.RECEIVER))
                .at("/files/0/path")
                .asText()));
        final double seconds = sent.get("seconds").asDouble();
        return new DemoReport(
                file.toString(),
                length,
                seconds,
                length / seconds,
                sent.get("packets").asLong(),
                sent.get("retransmissions").asLong(),
                sent.get("roundTripMs").asDouble(),
                distribution,
                profile,
                expected,
                actual,
                expected.equals(actual),
                hops.stream().mapToLong(hop -> hop.get("keyRolls").asLong()).sum(),
                hops.stream().mapToLong(DemoCommand::lost).sum(),
                hops);
    }

    private static long lost(JsonNode hop) {
        return hop.get("dropped").valueStream().mapToLong(JsonNode::asLong).sum();
    }

    private static void print(DemoReport report, Output output) {
        final Table table =
                new Table("hop", "stage", "packets", "p50 (µs)", "p90 (µs)", "p99 (µs)", "p99.9 (µs)", "max (µs)");
        for (JsonNode hop : report.hops()) {
            hop.get("stages").properties().forEach(stage -> {
                final JsonNode values = stage.getValue();
                table.row(
                        hop.get("name").asText(),
                        stage.getKey(),
                        values.get("count").asLong(),
                        Figures.micros(values.get("p50").asDouble()),
                        Figures.micros(values.get("p90").asDouble()),
                        Figures.micros(values.get("p99").asDouble()),
                        Figures.micros(values.get("p999").asDouble()),
                        Figures.micros(values.get("max").asDouble()));
            });
        }
        output.table(table);
        output.line("");
        for (JsonNode hop : report.hops()) {
            output.line(hop.get("name").asText() + ": forwarded "
                    + Figures.whole(hop.get("forwarded").asDouble()) + ", dropped "
                    + dropped(hop.get("dropped")) + ", keys changed "
                    + Figures.counted(hop.get("keyRolls").asLong(), "time")
                    + (hop.get("conserved").asBoolean() ? "" : ", NOT CONSERVED"));
        }
        output.line(String.format(
                Locale.ROOT,
                "%,d bytes in %.1f s (%.2f MB/s), %,d packets from the sender, %,d retransmissions, round trip %.1f ms",
                report.bytes(),
                report.seconds(),
                report.bytesPerSecond() / 1e6,
                report.packets(),
                report.retransmissions(),
                report.roundTripMs()));
        output.line(
                report.lost() == 0
                        ? "no relay dropped a packet over " + Figures.counted(report.keyRolls(), "change") + " of keys"
                        : "the relays dropped " + Figures.counted(report.lost(), "packet") + " over "
                                + Figures.counted(report.keyRolls(), "change") + " of keys; the sender repeated them");
        output.line("SHA-256 " + report.sha256());
        output.line(
                report.verified()
                        ? "the file arrived unchanged"
                        : "THE FILE ARRIVED CHANGED: " + report.receivedSha256());
    }

    /** {@code none}, or the packets by reason. */
    static String dropped(JsonNode byReason) {
        final Map<String, Long> counts = new LinkedHashMap<>();
        byReason.properties()
                .forEach(each -> counts.put(each.getKey(), each.getValue().asLong()));
        return Figures.counts(counts);
    }

    /** Options of the whole program that its children need as well. */
    private List<String> programOptions() {
        final OptionSpec sodium = spec.root().findOption("--sodium");
        return sodium.getValue() == null
                ? List.of()
                : List.of(
                        "--sodium", ((Path) sodium.getValue()).toAbsolutePath().toString());
    }
}
