package io.millrace.cli.bench;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.twin.TwinFigures;
import java.util.Locale;

/** Prints what {@code bench twin} measured. */
final class TwinPrinter {
    private TwinPrinter() {}

    /** Prints it, for people or as JSON, and gives the exit code. */
    static int print(TwinFigures figures, Output output) {
        output.line(figures.cpu() + ", JDK " + figures.jdk() + ", libsodium " + figures.libsodium());
        output.line("");
        final Table curve = new Table("entries in the map", "ns per operation", "with its signature");
        figures.curve().forEach(point -> curve.row(point.entries(), whole(point.applyNs()), whole(point.verifiedNs())));
        output.table(curve);
        output.line(String.format(
                Locale.ROOT,
                "dearest over cheapest: %.2f, with signatures %.2f (flat is at most %.0f)",
                figures.flatness(),
                figures.flatnessWithSignatures(),
                TwinFigures.FLAT));
        output.line("");
        output.table(new Table("figure", "value")
                .row(
                        "signed operations applied and verified per second per core",
                        whole(figures.operationsPerSecondPerCore()))
                .row(
                        "operations per second per core, " + figures.batchSize() + " under a signature",
                        whole(figures.batchedOperationsPerSecondPerCore()))
                .row("verify one signature, ns", whole(figures.verifyNs()))
                .row("sign and apply, ns", whole(figures.signNs()))
                .row(
                        "signatures verified per second on " + figures.threads() + " threads",
                        whole(figures.parallelVerificationsPerSecond()))
                .row("  times one thread", String.format(Locale.ROOT, "%.2f", figures.parallelSpeedup()))
                .row(
                        "  times the cores that are free",
                        String.format(Locale.ROOT, "%.2f", figures.parallelEfficiency()))
                .row("check that one point has no part of small order, ns", whole(figures.subgroupCheckNs()))
                .row("one ladder, ns", figures.ladderNs())
                .row("heap bytes per entry", whole(figures.heapBytesPerEntry())));
        output.object(figures);
        return figures.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static long whole(double value) {
        return Math.round(value);
    }
}
