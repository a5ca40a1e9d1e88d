package io.millrace.cli.vectors;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.Table;
import io.millrace.cli.console.UsageError;
import io.millrace.crypto.BatchCrypto;
import io.millrace.crypto.CryptoProviders;
import io.millrace.crypto.Sodium;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vectors DIR}: runs every test vector file of a known shape below a folder. */
@Command(
        name = "vectors",
        description = {
            "Runs every test vector file (JSON) below a folder.",
            "Knows Wycheproof (X25519, Ed25519, ChaCha20-Poly1305, HKDF- and HMAC-SHA-256), the RFC files, CCTV Ed25519"
                    + " and ECVRF. A file of another shape is skipped."
        })
public final class VectorsCommand extends ProgramCommand {
    private static final int SHOWN_FAILURES = 20;

    @Parameters(paramLabel = "DIR", description = "The folder; searched with all folders below it.")
    private Path folder;

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Provider of the packet path's cryptography (default: ${DEFAULT-VALUE}).")
    private String providerName;

    @Override
    protected int run(Output output) throws Exception {
        final BatchCrypto provider;
        try {
            provider = CryptoProviders.byName(providerName);
        } catch (IllegalArgumentException e) {
            throw new UsageError(e.getMessage(), e);
        }
        final List<FileReport> files = new VectorFolder(folder, Shapes.all(provider)).run();
        if (files.stream().allMatch(file -> file.shape().equals(FileReport.UNKNOWN))) {
            throw new UsageError("no file of a known shape below the folder: " + folder);
        }
        final Report report = new Report(
                folder.toString(),
                provider.name(),
                Sodium.version(),
                sum(files, FileReport::passed),
                sum(files, FileReport::failed),
                sum(files, FileReport::skipped),
                files);
        print(report, output);
        output.object(report);
        return report.failed() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void print(Report report, Output output) {
        final Table table = new Table("file", "shape", "passed", "failed", "skipped", "why skipped");
        for (final FileReport file : report.files()) {
            final StringJoiner reasons = new StringJoiner("; ");
            file.reasons().forEach((reason, count) -> reasons.add(count == 0 ? reason : count + " " + reason));
            table.row(file.file(), file.shape(), file.passed(), file.failed(), file.skipped(), reasons.toString());
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
        output.line(report.passed() + " passed, " + report.failed() + " failed, " + report.skipped()
                + " skipped (provider " + report.provider() + ", libsodium " + report.libsodium() + ")");
    }

    private static int sum(List<FileReport> files, ToIntFunction<FileReport> count) {
        return files.stream().mapToInt(count).sum();
    }

    /**
     * The whole run; also its form in JSON.
     *
     * @param passed cases over all files, as {@code failed} and {@code skipped}.
     */
    public record Report(
            String folder,
            String provider,
            String libsodium,
            int passed,
            int failed,
            int skipped,
            List<FileReport> files) {}
}
