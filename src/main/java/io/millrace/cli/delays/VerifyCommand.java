package io.millrace.cli.delays;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.console.UsedWith;
import io.millrace.directory.DisclosureLog;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.IdentityKey;
import io.millrace.directory.ProbeReport;
import io.millrace.directory.Prober;
import io.millrace.directory.RelayJudgement;
import io.millrace.http.DocumentSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code delays verify}: verifies disclosures, and the delays of own probes against them. */
@Command(
        name = "verify",
        description = {
            "Verifies disclosures of relays.",
            "Checks signature, VRF proof and law, and that no epoch is missing.",
            "With --probes: compares the times of own probes (send --verify-delays) with the disclosed delays. Exit"
                    + " code 1 if a relay is refused."
        })
public final class VerifyCommand extends ProgramCommand {
    private static final Duration LONGEST_TOLERANCE = Duration.ofSeconds(1);

    @Option(
            names = "--disclosures",
            required = true,
            paramLabel = "DIR",
            description = "The folder of delays fetch, or the published folder of one relay.")
    @PathOption(PathKind.FOLDER)
    private Path disclosures;

    @Option(
            names = "--identity",
            required = true,
            split = ",",
            paramLabel = "HEX",
            description = "Identity keys of the relays; with --probes of all relays on the route.")
    private List<String> identities;

    @Option(
            names = "--descriptor",
            paramLabel = "FILE",
            description = "The descriptor to verify against, for one relay (default: the one in the folder).")
    @PathOption(PathKind.FILE)
    private Path descriptor;

    @Option(names = "--probes", paramLabel = "FILE", description = "Probes that send --verify-delays has recorded.")
    @PathOption(PathKind.FILE)
    private Path probes;

    @UsedWith(oneOf = "--probes")
    @Option(
            names = "--tolerance-us",
            paramLabel = "US",
            defaultValue = "1000",
            description = "Time by which a relay may release a packet early, in microseconds, 0 to 1,000,000 (default:"
                    + " ${DEFAULT-VALUE}).")
    private long toleranceUs;

    @Override
    protected int run(Output output) throws IOException {
        if (toleranceUs < 0 || toleranceUs > LONGEST_TOLERANCE.toNanos() / 1_000) {
            throw new UsageError("--tolerance-us must be 0 to 1,000,000: toleranceUs=" + toleranceUs);
        }
        if (descriptor != null && identities.size() != 1) {
            throw new UsageError("--descriptor is for one --identity: identities=" + identities.size());
        }
        final Set<IdentityKey> keys = new LinkedHashSet<>();
        for (String hex : identities) {
            if (!keys.add(Identities.read(hex))) {
                throw new UsageError("--identity names a relay twice: identity=" + hex);
            }
        }
        final List<RelayDisclosures> relays = new ArrayList<>();
        for (IdentityKey key : keys) {
            relays.add(relay(key));
        }
        final boolean refused = relays.stream().anyMatch(relay -> relay.refusal() != null);
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("relays", relays.stream().map(VerifyCommand::json).toList());
        print(output, relays);
        ProbeReport report = null;
        if (probes != null) {
            final List<DisclosureLog> logs = relays.stream()
                    .filter(relay -> relay.refusal() == null)
                    .map(RelayDisclosures::log)
                    .toList();
            report = new Prober(logs, toleranceUs * 1_000).judge(ProbeFile.read(probes));
            print(output, report);
            json.put("probes", json(report));
        }
        final boolean passed = !refused && (report == null || !report.isRefused());
        json.put("passed", passed);
        output.object(json);
        return passed ? ExitCode.OK : ExitCode.FAILED;
    }

    private RelayDisclosures relay(IdentityKey identity) throws IOException {
        final Path own = disclosures.resolve(identity.idHex());
        final Path folder = Files.isDirectory(own) ? own : disclosures;
        return RelayDisclosures.verify(
                identity,
                DocumentSource.fetchDescriptor((descriptor == null ? folder : descriptor).toString()),
                FolderPublisher.reader(folder));
    }

    private static void print(Output output, List<RelayDisclosures> relays) {
        final Table table = new Table("relay", "epochs", "disclosures", "verdict");
        for (RelayDisclosures relay : relays) {
            table.row(
                    relay.identity().idHex(),
                    relay.span(),
                    relay.count(),
                    relay.refusal() == null ? "verified" : "REFUSED: " + relay.refusal());
        }
        output.table(table);
    }

    private static void print(Output output, ProbeReport report) {
        output.line("");
        output.line(String.format(
                Locale.ROOT,
                "%d probes judged, %d wait for disclosures; %d early, %d late; rest without delays: median %.3f ms,"
                        + " usual up to %.3f ms",
                report.judged(),
                report.waiting(),
                report.early(),
                report.late(),
                report.medianNs() / 1e6,
                report.boundNs() / 1e6));
        final Table table = new Table("relay", "visits", "slope", "p", "early", "expected", "p", "verdict");
        for (RelayJudgement relay : report.relays()) {
            table.row(
                    relay.relay().idHex(),
                    relay.visits(),
                    String.format(Locale.ROOT, "%.3f", relay.slope()),
                    String.format(Locale.ROOT, "%.1e", relay.slopeP()),
                    relay.earlyMatches(),
                    String.format(Locale.ROOT, "%.1f", relay.earlyExpected()),
                    String.format(Locale.ROOT, "%.1e", relay.earlyP()),
                    verdict(relay));
        }
        output.table(table);
        if (report.early() > 0 && report.refused().isEmpty()) {
            output.line("REFUSED: probes arrived before their disclosed delays were over; more probes name the relay");
        }
    }

    private static String verdict(RelayJudgement relay) {
        if (relay.isRefused()) {
            return "REFUSED: " + relay.refusal();
        }
        return relay.tells() ? "keeps its delays" : "not told: too few probes, or too uneven links";
    }

    private static Map<String, Object> json(RelayDisclosures relay) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("identity", relay.identity().toString());
        json.put("identityId", relay.identity().idHex());
        json.put("disclosures", relay.count());
        json.put(
                "lastEpoch",
                relay.count() == 0 ? null : relay.log().last().orElseThrow().epoch());
        json.put("refused", relay.refusal());
        return json;
    }

    private static Map<String, Object> json(ProbeReport report) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("judged", report.judged());
        json.put("waiting", report.waiting());
        json.put("early", report.early());
        json.put("late", report.late());
        json.put("medianMs", report.medianNs() / 1e6);
        json.put("boundMs", report.boundNs() / 1e6);
        json.put("relays", report.relays().stream().map(VerifyCommand::json).toList());
        return json;
    }

    private static Map<String, Object> json(RelayJudgement relay) {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("identityId", relay.relay().idHex());
        json.put("visits", relay.visits());
        json.put("slope", Double.isNaN(relay.slope()) ? null : relay.slope());
        json.put("slopeError", Double.isNaN(relay.slopeError()) ? null : relay.slopeError());
        json.put("slopeP", relay.slopeP());
        json.put("told", relay.isRefused() || relay.tells());
        json.put("earlyMatches", relay.earlyMatches());
        json.put("earlyExpected", relay.earlyExpected());
        json.put("earlyP", relay.earlyP());
        json.put("refused", relay.refusal());
        return json;
    }
}
