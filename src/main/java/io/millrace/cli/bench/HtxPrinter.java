package io.millrace.cli.bench;

import io.millrace.cli.console.Figures;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.htx.HtxBenchReport;
import java.util.Map;

/** Prints the result of {@code bench htx}. */
final class HtxPrinter {
    private HtxPrinter() {}

    static void print(HtxBenchReport report, Output output) {
        output.line(report.cpu() + ", JDK " + report.jdk() + ", libsodium " + report.libsodium() + ", provider "
                + report.provider());
        output.line("");
        output.table(new Table("frames of 1 KiB", "value", "unit")
                .row("sealed and opened per second and core", Figures.whole(report.framesPerSecondPerCore()), "")
                .row("sealed and opened, one by one", Figures.cost(report.frameNs()), "µs")
                .row("  the AEAD alone over the same bytes", Figures.cost(report.bareAeadNs()), "µs")
                .row("  ratio (at least 0.85)", Figures.text("%.3f", report.aeadRatio()), "")
                .row(
                        "sealed and opened, " + report.together() + " at a time",
                        Figures.cost(report.togetherFrameNs()),
                        "µs")
                .row("  the AEAD alone in the same batches", Figures.cost(report.togetherAeadNs()), "µs")
                .row("  times as fast as one by one", Figures.text("%.2f", report.togetherGain()), "")
                .row("heap allocated per frame", Figures.text("%.2f", report.allocatedBytesPerFrame()), "bytes")
                .row("written to a stream, carried and read", Figures.cost(report.sessionNs()), "µs")
                .row("  in writes of 64 KiB", Figures.cost(report.bulkKibNs()), "µs per KiB")
                .row(
                        report.streams() + " streams in one session: most over least (at most 10 %)",
                        Figures.text("+%.2f %%", report.unfairness() * 100),
                        ""));
        output.line("");
        output.table(new Table("handshake (XK and ML-KEM-768)", "value", "unit")
                .row(
                        "handshakes per second and core, both ends",
                        Figures.whole(report.handshakesPerSecondPerCore()),
                        "")
                .row("processor time of a handshake, both ends", Figures.micros(report.handshakeCpuNs()), "µs")
                .row("  the responder's part", Figures.micros(report.handshakeResponderCpuNs()), "µs")
                .row("  ML-KEM-768 alone", Figures.micros(report.handshakeKemCpuNs()), "µs")
                .row(
                        "connections per second over loopback, one after the other",
                        Figures.whole(report.tcpHandshakesPerSecond()),
                        "")
                .row(
                        "processor time of a connection, its end included",
                        Figures.micros(report.tcpHandshakeCpuNs()),
                        "µs"));
        output.line("");
        final Table table = new Table("frame, times in µs", "frames", "p50", "p99", "p99.9", "p99.99", "max");
        row(table, "one key", report.framesNs());
        row(table, "a change every 65,536 frames", report.rekeyFramesNs());
        row(table, "at a change, next key prepared", report.changeNs());
        row(table, "at a change, not prepared", report.unpreparedChangeNs());
        output.table(table);
        output.line("");
        output.line("p99.99 with changes of key over that without: " + Figures.text("%.3f", report.rekeyTailRatio()));
    }

    private static void row(Table table, String name, Map<String, Long> values) {
        table.row(
                name,
                values.get("count"),
                Figures.cost(values.get("p50")),
                Figures.cost(values.get("p99")),
                Figures.cost(values.get("p999")),
                Figures.cost(values.get("p9999")),
                Figures.cost(values.get("max")));
    }
}
