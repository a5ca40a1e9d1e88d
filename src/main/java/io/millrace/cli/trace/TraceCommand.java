package io.millrace.cli.trace;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.crypto.SecretKey;
import io.millrace.receipt.Receipt;
import io.millrace.receipt.ReceiptId;
import io.millrace.relay.receipts.PacketReceiptOptions;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayDistribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code trace}: does a relay's folder undo its mixing? */
@Command(
        name = "trace",
        description = {
            "Attacks the mixing of a relay with its own journal and receipts.",
            "A relay in this process forwards packets to two next hops; attackers with the links, the files, or both,"
                    + " name"
                    + " the next hop of each packet. Exit code 1 if files help more than the links do, or tell order or fine"
                    + " times."
        })
public final class TraceCommand extends ProgramCommand {
    private static final int LEAST_PACKETS = 100;
    private static final int MOST_PACKETS = 50_000;
    private static final int CAP_MEANS = 10;
    private static final long NS_PER_MS = 1_000_000;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "Packets a second, 1 to 20,000 (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(
            names = "--packets",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Packets, 100 to 50,000 (default: ${DEFAULT-VALUE}).")
    private int packets;

    @Option(
            names = "--mean-ms",
            paramLabel = "MS",
            defaultValue = "100",
            description =
                    "Mean of the exponential delay, 1 to 1,000; its cap is ten means (default: ${DEFAULT-VALUE}).")
    private int meanMs;

    @Option(
            names = "--receipts-packets",
            paramLabel = "N",
            defaultValue = "64",
            description = "Least number of packets of a receipt, as in a relay's file (default: ${DEFAULT-VALUE}).")
    private int receiptsPackets;

    @Option(
            names = "--receipts-period-ms",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "Period of the receipts, as in a relay's file (default: ${DEFAULT-VALUE}).")
    private int receiptsPeriodMs;

    @Option(
            names = "--receipts-longest-ms",
            paramLabel = "MS",
            defaultValue = "1200000",
            description = "Time after which a receipt covers however few packets there are: the length of a relay's"
                    + " epochs (default: ${DEFAULT-VALUE}).")
    private int receiptsLongestMs;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = "mr1",
            description = "Wire profile of the packets: mr1 or mr2 (default: ${DEFAULT-VALUE}).")
    private String profileName;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of routes and times (default: drawn, and printed).")
    private Long seed;

    @Override
    protected int run(Output output) throws Exception {
        if (!(rate >= 1 && rate <= 20_000)
                || packets < LEAST_PACKETS
                || packets > MOST_PACKETS
                || meanMs < 1
                || meanMs > 1_000) {
            throw new UsageError("--rate must be 1 to 20,000, --packets 100 to 50,000, --mean-ms 1 to 1,000: rate="
                    + rate + ", packets=" + packets + ", mean-ms=" + meanMs);
        }
        final PacketReceiptOptions coarseness = coarseness();
        final SphinxProfile profile = profile();
        final long drawn = seed == null ? System.nanoTime() : seed;
        output.note("seed " + drawn);
        final Path folder = Files.createTempDirectory("millrace-trace");
        try {
            final TraceReport report = attack(folder, profile, coarseness, drawn);
            print(report, output);
            output.object(report);
            return report.held() ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            delete(folder);
        }
    }

    private TraceReport attack(Path folder, SphinxProfile profile, PacketReceiptOptions coarseness, long drawn)
            throws Exception {
        final long meanNs = meanMs * NS_PER_MS;
        final DelayDistribution law = DelayDistribution.exponential(meanNs, CAP_MEANS * meanNs);
        try (TracedRelay relay = new TracedRelay(profile, law, packets, rate, drawn)) {
            relay.run(folder.resolve("journal"), folder.resolve("receipts"), coarseness);
            final FoundFiles files;
            try (SecretKey key = relay.journalKey()) {
                files = FoundFiles.read(folder.resolve("journal"), folder.resolve("receipts"), key);
            }
            final Attacks attacks = new Attacks(relay, meanNs, files, coarseness);
            return TraceReport.of(
                    profile,
                    rate,
                    attacks.wire(),
                    List.of(attacks.receipts(), attacks.digests(), attacks.disclosure()),
                    files.tagsInClear(relay.replayLows()),
                    attacks.journalOrder(),
                    files.receipts(),
                    fine(files.receipts(), relay.longestEnds()));
        }
    }

    /**
     * Receipts that are finer than a relay's defaults. Fewer packets than the least are in the last receipt of each next hop,
     * which the end of the run makes, and may be in one at each end of the longest time.
     */
    private static int fine(List<Receipt> receipts, long longestEnds) {
        final PacketReceiptOptions promised = PacketReceiptOptions.DEFAULT;
        final Map<ReceiptId, Long> few = new HashMap<>();
        int fine = 0;
        for (Receipt receipt : receipts) {
            if (receipt.timestampNs() % promised.period().toNanos() != 0) {
                fine++;
            } else if (receipt.result() % promised.leastPackets() != 0) {
                fine += few.merge(receipt.actorId(), 1L, Long::sum) > 1 + longestEnds ? 1 : 0;
            }
        }
        return fine;
    }

    private SphinxProfile profile() {
        try {
            return SphinxProfile.byLabel(profileName);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--profile: " + e.getMessage(), e);
        }
    }

    private PacketReceiptOptions coarseness() {
        try {
            return new PacketReceiptOptions(
                    receiptsPackets, Duration.ofMillis(receiptsPeriodMs), Duration.ofMillis(receiptsLongestMs));
        } catch (IllegalArgumentException e) {
            throw new UsageError(e.getMessage(), e);
        }
    }

    private static void print(TraceReport report, Output output) {
        final Table table = new Table("attacker has", "right", "of", "share", "interval (99.9 %)");
        table.row("nothing", report.packets() / TracedRelay.HOPS, report.packets(), share(report.chance()), "");
        row(table, report.links());
        report.attacks().forEach(attack -> row(table, attack));
        output.table(table);
        output.line("");
        output.line("Files help if an attacker with them is right in more than " + share(report.limit()) + ".");
        output.line(report.tagsInClear() + " tags in clear in the journal; order of arrival in it, given its key: "
                + String.format(Locale.ROOT, "%.1f", report.journalOrder()) + " standard deviations; "
                + report.fineReceipts() + " of " + report.receipts() + " receipts finer than promised");
        output.line(report.held() ? "No file helps beyond the links." : "The files undo the mixing.");
    }

    private static void row(Table table, Guesses guesses) {
        table.row(guesses.attacker(), guesses.right(), guesses.of(), share(guesses.share()), guesses.interval());
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.3f", share);
    }

    private static void delete(Path folder) throws IOException {
        final List<Path> all;
        try (Stream<Path> walked = Files.walk(folder)) {
            all = walked.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
