package io.millrace.cli.bench;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.twin.StoredTwinFigures;
import io.millrace.rig.twin.TwinFigures;
import java.util.List;

/** Prints what {@code bench twin} measured. */
final class TwinPrinter {
    private TwinPrinter() {}

    /** Prints it, for people or as JSON, and gives the exit code. */
    static int print(TwinFigures figures, Output output) {
        output.line(figures.cpu() + ", JDK " + figures.jdk() + ", libsodium " + figures.libsodium());
        output.line("");
        final Table curve = new Table("entries in the map", "operation (µs)", "with its signature (µs)");
        figures.curve()
                .forEach(point ->
                        curve.row(point.entries(), Figures.cost(point.applyNs()), Figures.cost(point.verifiedNs())));
        output.table(curve);
        output.line("highest over lowest cost: " + Figures.text("%.2f", figures.flatness()) + ", with signatures "
                + Figures.text("%.2f", figures.flatnessWithSignatures()) + " (at most "
                + Figures.whole(TwinFigures.FLAT) + ")");
        output.line("");
        output.table(new Table("figure", "value", "unit")
                .row(
                        "signed operations verified and applied per second and core",
                        Figures.whole(figures.operationsPerSecondPerCore()),
                        "")
                .row(
                        "  with " + figures.batchSize() + " operations under a signature",
                        Figures.whole(figures.batchedOperationsPerSecondPerCore()),
                        "")
                .row("verify a signature", Figures.cost(figures.verifyNs()), "µs")
                .row("sign and apply an operation", Figures.cost(figures.signNs()), "µs")
                .row(
                        "signatures verified per second on " + figures.threads() + " threads",
                        Figures.whole(figures.parallelVerificationsPerSecond()),
                        "")
                .row("  over one thread", Figures.text("%.2f", figures.parallelSpeedup()), "times")
                .row("  over one thread on each free core", Figures.text("%.2f", figures.parallelEfficiency()), "times")
                .row("check a point for a part of small order", Figures.cost(figures.subgroupCheckNs()), "µs")
                .row("one ladder", Figures.cost(figures.ladderNs()), "µs")
                .row("heap per entry", Figures.whole(figures.heapBytesPerEntry()), "bytes"));
        output.line("");
        printStored(figures.stored(), output);
        output.object(figures);
        return figures.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void printStored(List<StoredTwinFigures> stored, Output output) {
        final Table opening = new Table(
                "properties on disk", "open in maps (µs)", "open by replay (µs)", "first change in maps (µs)");
        final Table access = new Table("access", "properties", "maps (µs)", "bytes", "heap (µs)", "bytes");
        for (StoredTwinFigures each : stored) {
            opening.row(
                    each.entries(),
                    Figures.micros(each.openMapsNs()),
                    Figures.micros(each.openReplayNs()),
                    Figures.micros(each.firstChangeNs()));
        }
        for (StoredTwinFigures each : stored) {
            row(access, "get", each.entries(), each.getMaps(), each.getHeap());
        }
        for (StoredTwinFigures each : stored) {
            row(access, "put", each.entries(), each.putMaps(), each.putHeap());
        }
        output.table(opening);
        output.line(
                "The first change is signed right after opening. Opening is after a clean stop, by the wall clock.");
        output.line("");
        output.table(access);
        output.line("bytes: allocated on the heap for each access");
    }

    private static void row(
            Table table, String name, int entries, StoredTwinFigures.Access maps, StoredTwinFigures.Access heap) {
        table.row(
                name,
                entries,
                Figures.cost(maps.ns()),
                Figures.text("%,.1f", maps.bytes()),
                Figures.cost(heap.ns()),
                Figures.text("%,.1f", heap.bytes()));
    }
}
