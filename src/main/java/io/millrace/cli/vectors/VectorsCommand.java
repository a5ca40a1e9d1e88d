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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
            "Exit code 3: nothing failed, and a file is of another shape, is damaged, or no case could be run."
        })
public final class VectorsCommand extends ProgramCommand {
    private static final int SHOWN_FAILURES = 20;
    private static final int SHOWN_REASONS = 3;
    private static final int LONGEST_REASON = 80;

    @Parameters(paramLabel = "DIR", description = "The folder; searched with all folders below it.")
    @PathOption(PathKind.FOLDER)
    private Path folder;

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Crypto provider: auto, lanes, lanes:LEVEL (avx2, avx512, ifma, neon) or sodium (default:"
                    + " ${DEFAULT-VALUE}).")
    private String providerName;

    @Option(
            names = "--allow-unknown",
            description = "Let files of a shape that is not known pass; damaged ones still count.")
    private boolean allowUnknown;

    @Override
    protected int run(Output output) throws Exception {
        final BatchCrypto provider;
        try {
            provider = CryptoProviders.byName(providerName);
        } catch (IllegalArgumentException e) {
            throw new UsageError(e.getMessage(), e);
        }
        final List<FileReport> files = new VectorFolder(folder, Shapes.all(provider)).run();
        final Report report = new Report(
                folder.toString(),
                provider.name(),
                Sodium.version(),
                sum(files, FileReport::passed),
                sum(files, FileReport::failed),
                sum(files, FileReport::skipped),
                sum(files, file -> file.isUnknown() ? 1 : 0),
                sum(files, file -> file.isDamaged() ? 1 : 0),
                files);
        print(report, output);
        output.object(report);
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
     * @param passed cases over all files, as {@code failed} and {@code skipped}.
     * @param unknown files of a shape that is not known, or that are no JSON.
     * @param damaged files with a name that ends in {@code .json}, and no valid JSON in them.
     */
    public record Report(
            String folder,
            String provider,
            String libsodium,
            int passed,
            int failed,
            int skipped,
            int unknown,
            int damaged,
            List<FileReport> files) {}
}
