package io.millrace.cli.node;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.NetworkCommand;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.Termination;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.Version;
import io.millrace.http.DocumentSource;
import io.millrace.node.EpochComplaints;
import io.millrace.node.LinkComplaints;
import io.millrace.node.LiveEntropy;
import io.millrace.node.Node;
import io.millrace.node.NodeJournal;
import io.millrace.node.NodeMetrics;
import io.millrace.node.NodeReceipts;
import io.millrace.node.RelayEpochs;
import io.millrace.node.RelayNode;
import io.millrace.node.config.ConfigFile;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.EpochsEntry;
import io.millrace.node.config.RelayFile;
import io.millrace.node.keys.KeyFile;
import io.millrace.relay.EngineCounters;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.text.ConfigException;
import io.millrace.text.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code relay --config F}: runs one relay until it is told to stop. */
@Command(
        name = "relay",
        description = {
            "Runs one relay until SIGTERM or SIGINT.",
            "Then its packets leave and it stops. One line on stderr says that it is ready.",
            "At the end it prints its counters and latencies."
        })
public final class RelayCommand extends NetworkCommand {
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final long LOOK_AFTER_MS = 500;
    private static final long SHORTEST_LOOK_MS = 5;
    private static final int LOOKS_PER_OVERLAP = 50;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The relay's file (TOML).")
    @PathOption(PathKind.FILE)
    private Path config;

    @Option(names = "--stats-seconds", paramLabel = "N", description = "Print the counters on stderr every N seconds.")
    private int statsSeconds;

    @Option(names = "--with-parent", hidden = true, description = "Stop when the process that started this one ends.")
    private boolean withParent;

    private boolean complained;
    private Optional<String> toldOfEpochs = Optional.empty();
    private boolean complainedOfReceipts;
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    protected int serve(Output output) throws Exception {
        if (statsSeconds < 0) {
            throw new UsageError("must not be negative: --stats-seconds=" + statsSeconds);
        }
        final RelayFile file = ConfigFile.relay(config);
        try (Termination termination = Termination.onSignal(stopped::countDown)) {
            return termination.finished(run(file, output));
        }
    }

    private int run(RelayFile file, Output output) throws IOException, InterruptedException {
        try (KeyFile keys = KeyFile.read(file.relay().key());
                RelayNode relay = RelayNode.open(
                        file, keys, NetworkClock.system(), DocumentSource::fetchDescriptor, output::note)) {
            final EngineSettings settings = file.engine();
            final LiveEntropy entropy = new LiveEntropy(settings.distribution(), settings.policy(), System::nanoTime);
            try (NodeMetrics metrics = NodeMetrics.open(file, relay, entropy, Version.program(), output::note)) {
                return run(output, file, relay, settings, entropy, metrics.ready() + relay.ready());
            }
        }
    }

    private int run(
            Output output,
            RelayFile file,
            RelayNode relay,
            EngineSettings settings,
            LiveEntropy entropy,
            String alsoReady)
            throws InterruptedException {
        final String name = file.relay().name();
        final Node node = relay.node();
        final RelayEngine engine = node.engine();
        final LinkComplaints misnamed = new LinkComplaints(file.epochs().roll());
        final EpochComplaints complaints = new EpochComplaints(number -> remedy(file.epochs(), relay, number));
        relay.start();
        if (withParent) {
            Termination.withParent(stopped::countDown);
        }
        output.note("relay " + name + " is ready at " + HostPort.text(node.address())
                + relay.journal().map(journal -> "; " + journal.restored()).orElse("")
                + alsoReady);
        final long start = System.nanoTime();
        long nextStats = start + TimeUnit.SECONDS.toNanos(statsSeconds);
        while (!stopped.await(lookAfterMs(file), TimeUnit.MILLISECONDS)
                && engine.failure().isEmpty()
                && failure(relay).isEmpty()) {
            complaints.look(engine.epochs()).forEach(output::note);
            complain(relay, output);
            misnamed.look(engine.links()).forEach(output::note);
            entropy.change(engine.counters()).ifPresent(output::note);
            if (statsSeconds > 0 && System.nanoTime() - nextStats >= 0) {
                nextStats += TimeUnit.SECONDS.toNanos(statsSeconds);
                output.note(name + ": " + line(engine.counters()) + bits(entropy.bits(engine.counters())));
            }
        }
        final boolean drained = engine.stop(DRAIN);
        node.receipts().ifPresent(NodeReceipts::stop);
        final double seconds = (System.nanoTime() - start) / 1e9;
        final EngineCounters counters = engine.counters();
        final OptionalDouble bits = entropy.bitsOf(counters.forwarded() + counters.delivered(), seconds);
        final RelayReport report =
                RelayReport.of(name, seconds, settings.crypto().name(), drained, relay, bits);
        print(report, counters, bits, output);
        output.object(report);
        if (engine.failure().isPresent()) {
            throw new IllegalStateException(
                    "the engine failed", engine.failure().get());
        }
        if (failure(relay).isPresent()) {
            if (failure(relay).get() instanceof ConfigException wrong) {
                throw wrong;
            }
            throw new IllegalStateException(
                    "the key epochs failed", failure(relay).get());
        }
        if (report.mostDropped()) {
            output.note("most packets that relay " + name + " received were dropped: " + line(engine.counters()));
        }
        return report.conserved() && !report.mostDropped() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Optional<Throwable> failure(RelayNode relay) {
        return relay.epochs().flatMap(RelayEpochs::failure);
    }

    /** Epochs of seconds need a look every few milliseconds; an epoch never begins later than that. */
    private static long lookAfterMs(RelayFile file) {
        return file.epochs().roll()
                ? Math.clamp(file.epochs().overlap().toMillis() / LOOKS_PER_OVERLAP, SHORTEST_LOOK_MS, LOOK_AFTER_MS)
                : LOOK_AFTER_MS;
    }

    private static String remedy(EpochsEntry entry, RelayNode relay, long number) {
        if (relay.epochs().isEmpty()) {
            return "this relay keeps its key: "
                    + (entry.written() ? "leave out roll = false of [epochs]" : "write a section [epochs]")
                    + ", or raise replay-tags of [engine]";
        }
        return number < relay.epochs().get().limit()
                ? "the relay goes on to the next epoch early"
                : "no later epoch is announced: raise replay-tags of [engine], or shorten length of [epochs]";
    }

    /** Says once why the journal, the epochs or the receipts do not go on, and once that they do again. */
    private void complain(RelayNode relay, Output output) {
        final Optional<String> problem = relay.journal().flatMap(NodeJournal::problem);
        if (problem.isPresent() != complained) {
            complained = problem.isPresent();
            output.note(problem.map(why -> "dropping packets as journal-failed: " + why)
                    .orElse("the replay journal takes packets again"));
        }
        final Optional<String> stuck = relay.epochs().flatMap(RelayEpochs::problem);
        if (!stuck.equals(toldOfEpochs)) {
            toldOfEpochs = stuck;
            output.note(stuck.orElse("key epochs go on again"));
        }
        relay.epochs().flatMap(RelayEpochs::takeLate).ifPresent(output::note);
        final Optional<String> receipts = relay.node().receipts().flatMap(NodeReceipts::problem);
        if (receipts.isPresent() != complainedOfReceipts) {
            complainedOfReceipts = receipts.isPresent();
            output.note(receipts.orElse("the checkpoints of the receipts are published again"));
        }
    }

    private static void print(RelayReport report, EngineCounters counters, OptionalDouble bits, Output output) {
        output.line(report.name() + ": " + line(counters) + bits(bits));
        final Table table = new Table("stage", "packets", "p50 (µs)", "p99 (µs)", "p99.9 (µs)", "max (µs)");
        report.stages()
                .forEach((stage, percentiles) -> table.row(
                        stage,
                        percentiles.count(),
                        Figures.micros(percentiles.p50()),
                        Figures.micros(percentiles.p99()),
                        Figures.micros(percentiles.p999()),
                        Figures.micros(percentiles.max())));
        output.table(table);
        printLinks(report, output);
        if (report.receipts() != null) {
            output.line("receipts: " + report.receipts().appended() + " in "
                    + report.receipts().batches() + " batches, "
                    + report.receipts().lost() + " lost");
        }
    }

    private static void printLinks(RelayReport report, Output output) {
        if (report.links().isEmpty()) {
            return;
        }
        final Table table = new Table("link", "up", "keys", "handshakes", "finished", "rekeys", "failures");
        report.links()
                .forEach(link -> table.row(
                        link.peer(),
                        link.up() ? "yes" : "no",
                        link.hybrid() ? "X25519 + ML-KEM-768" : "X25519",
                        link.started(),
                        link.finished(),
                        link.rekeys(),
                        link.failures().isEmpty()
                                ? ""
                                : link.failures()
                                        .toString()
                                        .replaceAll("[{}]", "")
                                        .replace('=', ' ')));
        output.table(table);
    }

    private static String bits(OptionalDouble bits) {
        return bits.isPresent() ? String.format(Locale.ROOT, ", entropy %.1f bits", bits.getAsDouble()) : "";
    }

    private static String line(EngineCounters counters) {
        final StringBuilder dropped = new StringBuilder();
        counters.dropped()
                .forEach((verdict, count) -> dropped.append(dropped.isEmpty() ? " (" : ", ")
                        .append(verdict.label())
                        .append(' ')
                        .append(Figures.whole(count)));
        return String.format(
                Locale.ROOT,
                "received %,d, forwarded %,d, delivered %,d, dropped %,d%s, in flight %,d%s",
                counters.received(),
                counters.forwarded(),
                counters.delivered(),
                counters.droppedTotal(),
                dropped.isEmpty() ? "" : dropped.append(')'),
                counters.inFlight(),
                counters.conserved() ? "" : ", NOT CONSERVED");
    }
}
