package io.millrace.cli.vectors;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.crypto.Sodium;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vectors DIR}: runs every test vector file of a known shape below a folder. */
@Command(
        name = "vectors",
        description = {
            "Runs every test vector file below a folder.",
            "Knows Wycheproof (X25519, Ed25519, ChaCha20-Poly1305, HKDF- and HMAC-SHA-256), the RFC files, CCTV"
                    + " Ed25519, ECVRF, Noise handshakes, Merkle proofs and Sphinx packets (mr1, mr2), as JSON under any file"
                    + " name.",
            "--provider all runs them with libsodium and with the kernels of each level that this machine runs, and says"
                    + " which were covered.",
            "Exit code 3: nothing failed, and a file is of another shape, is damaged, or no case could be run."
        })
public final class VectorsCommand extends ProgramCommand {
    private static final int SHOWN_FAILURES = 20;
    private static final int SHOWN_REASONS = 3;
    private static final int LONGEST_REASON = 80;

    /** Stands for every provider that is no choice among others. */
    private static final String ALL = "all";

    private static final Set<String> CHOICES = Set.of("auto", "lanes");

    @Parameters(paramLabel = "DIR", description = "The folder; searched with all folders below it.")
    @PathOption(PathKind.FOLDER)
    private Path folder;

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "Crypto provider: auto, lanes, lanes:LEVEL (avx2, avx512, ifma, neon), sodium or all (default:"
                            + " ${DEFAULT-VALUE}).")
    private String providerName;

    @Option(
            names = "--allow-unknown",
            description = "Let files of a shape that is not known pass; damaged ones still count.")
    private boolean allowUnknown;

    @Override
    protected int run(Output output) throws Exception {
        if (providerName.equals(ALL)) {
            return runAll(output);
        }
        final Report report;
        try {
            report = report(CryptoProviders.byName(providerName));
        } catch (IllegalArgumentException e) {
            throw new UsageError(e.getMessage(), e);
        }
        print(report, output);
        output.object(report);
        return exitCode(report);
    }

    private int runAll(Output output) throws IOException {
        final List<Report> runs = new ArrayList<>();
        final Map<String, String> absent = new LinkedHashMap<>();
        for (String name : CryptoProviders.names()) {
            if (CHOICES.contains(name)) {
                continue;
            }
            try {
                runs.add(report(CryptoProviders.byName(name)));
            } catch (IllegalArgumentException e) {
                absent.put(name, e.getMessage());
            }
        }
        runs.forEach(report -> print(report, output));
        final ProviderReports all =
                new ProviderReports(runs.stream().map(Report::provider).toList(), absent, runs);
        output.line("covered: " + String.join(", ", all.covered())
                + (absent.isEmpty() ? "" : "; not on this machine: " + String.join(", ", absent.keySet())));
        output.object(all);
        return runs.stream().anyMatch(report -> report.failed() > 0)
                ? ExitCode.FAILED
                : runs.stream().mapToInt(this::exitCode).max().orElse(ExitCode.INCOMPLETE);
    }

    private Report report(BatchCrypto provider) throws IOException {
        final List<FileReport> files = new VectorFolder(folder, Shapes.all(provider)).run();
        return new Report(
                folder.toString(),
                provider.name(),
                provider.kernels(),
                Sodium.version(),
                sum(files, FileReport::passed),
                sum(files, FileReport::failed),
                sum(files, FileReport::skipped),
                sum(files, file -> file.isUnknown() ? 1 : 0),
                sum(files, file -> file.isDamaged() ? 1 : 0),
                files);
    }

    private int exitCode(Report report) {
        if (report.failed() > 0) {
            return ExitCode.FAILED;
        }
        return report.passed() == 0 || report.damaged() > 0 || (report.unknown() > 0 && !allowUnknown)
                ? ExitCode.INCOMPLETE
                : ExitCode.OK;
    }

    private static void print(Report report, Output output) {
        final Table table = new Table("file", "shape", "passed", "failed", "skipped", "why skipped");
        for (final FileReport file : report.files()) {
            table.row(file.file(), file.shape(), file.passed(), file.failed(), file.skipped(), reasons(file));
        }
        output.table(table);
        for (final FileReport file : report.files()) {
            file.failures().stream()
                    .limit(SHOWN_FAILURES)
                    .forEach(failure -> output.line(file.file() + ": " + failure.id() + ": " + failure.why()));
            if (file.failed() > SHOWN_FAILURES) {
                output.line(file.file() + ": " + (file.failed() - SHOWN_FAILURES) + " more (--json names all)");
            }
        }
        if (report.files().stream().allMatch(file -> file.shape().equals(FileReport.UNKNOWN))) {
            output.line("no file of a known shape below the folder: " + report.folder());
        }
        output.line(report.passed() + " passed, " + report.failed() + " failed, " + report.skipped()
                + " skipped; " + Figures.counted(report.unknown(), "file") + " of unknown shape, " + report.damaged()
                + " damaged (provider " + report.provider() + ", libsodium " + report.libsodium() + ")");
    }

    /** The most frequent reasons, up to the size of a table. */
    private static String reasons(FileReport file) {
        final StringJoiner reasons = new StringJoiner("; ");
        file.reasons().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(SHOWN_REASONS)
                .forEach(each -> reasons.add(
                        each.getValue() == 0
                                ? shortened(each.getKey())
                                : each.getValue() + " " + shortened(each.getKey())));
        if (file.reasons().size() > SHOWN_REASONS) {
            reasons.add((file.reasons().size() - SHOWN_REASONS) + " more reasons (--json names all)");
        }
        return reasons.toString();
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
    }

    private static int sum(List<FileReport> files, ToIntFunction<FileReport> count) {
        return files.stream().mapToInt(count).sum();
    }

    /**
     * The whole run; also its form in JSON.
     *
     * @param folder that was asked for.
     * @param provider name, such as {@code lanes:avx2}.
     * @param kernels level of the provider's kernels, or {@code libsodium}.
     * @param libsodium version.
     * @param passed cases over all files, as {@code failed} and {@code skipped}.
     * @param unknown files of a shape that is not known, or that are no JSON.
     * @param damaged files with a name that ends in {@code .json}, and no valid JSON in them.
     * @param files in the order of their paths.
     */
    public record Report(
            String folder,
            String provider,
            String kernels,
            String libsodium,
            int passed,
            int failed,
            int skipped,
            int unknown,
            int damaged,
            List<FileReport> files) {}

    /**
     * The runs with every provider; also their form in JSON.
     *
     * @param covered names of the providers that were run, in the order of {@code runs}.
     * @param absent providers that this machine does not run, each with the reason.
     * @param runs one for each provider.
     */
    public record ProviderReports(List<String> covered, Map<String, String> absent, List<Report> runs) {}
}
