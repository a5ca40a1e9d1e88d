package io.millrace.cli.bench;

import io.millrace.cli.console.Output;
import io.millrace.cli.console.Table;
import io.millrace.rig.htx.HtxBenchReport;
import java.util.Locale;
import java.util.Map;

/** Prints the result of {@code bench htx}. */
final class HtxPrinter {
    private HtxPrinter() {}

    static void print(HtxBenchReport report, Output output) {
        output.line(report.cpu() + ", JDK " + report.jdk() + ", libsodium " + report.libsodium() + ", provider "
                + report.provider());
        output.line("");
        output.table(new Table("figure", "value")
                .row(
                        "1 KiB frames sealed and opened per second and core",
                        format("%,.0f", report.framesPerSecondPerCore()))
                .row("  one frame", format("%,.0f ns", report.frameNs()))
                .row("  the AEAD alone over the same bytes", format("%,.0f ns", report.bareAeadNs()))
                .row("  ratio (at least 0.85)", format("%.3f", report.aeadRatio()))
                .row(report.together() + " frames at a time, one frame", format("%,.0f ns", report.togetherFrameNs()))
                .row("  the AEAD alone in the same batches", format("%,.0f ns", report.togetherAeadNs()))
                .row("  times as fast as one by one", format("%.2f", report.togetherGain()))
                .row("heap allocated per frame", format("%.2f B", report.allocatedBytesPerFrame()))
                .row("written to a stream, carried and read", format("%,.0f ns", report.sessionNs()))
                .row("the same in writes of 64 KiB, one KiB", format("%,.0f ns", report.bulkKibNs()))
                .row(
                        report.streams() + " streams in one session: most over least (at most 10 %)",
                        format("+%.2f %%", report.unfairness() * 100)));
        output.line("");
        output.table(new Table("handshake (XK and ML-KEM-768)", "value")
                .row("handshakes per second and core, both ends", format("%,.0f", report.handshakesPerSecondPerCore()))
                .row("  processor time of one", micros(report.handshakeCpuNs()))
                .row("  the responder's part", micros(report.handshakeResponderCpuNs()))
                .row("  ML-KEM-768 alone", micros(report.handshakeKemCpuNs()))
                .row(
                        "connections per second over loopback, one after the other",
                        format("%,.0f", report.tcpHandshakesPerSecond()))
                .row("  processor time of one, its end included", micros(report.tcpHandshakeCpuNs())));
        output.line("");
        final Table table = new Table("frame latency (ns)", "frames", "p50", "p99", "p99.9", "p99.99", "max");
        row(table, "one key", report.framesNs());
        row(table, "a change every 65,536 frames", report.rekeyFramesNs());
        row(table, "at a change, next key prepared", report.changeNs());
        row(table, "at a change, not prepared", report.unpreparedChangeNs());
        output.table(table);
        output.line("");
        output.line("p99.99 with changes of key over that without: " + format("%.3f", report.rekeyTailRatio()));
    }

    private static void row(Table table, String name, Map<String, Long> values) {
        table.row(
                name,
                values.get("count"),
                values.get("p50"),
                values.get("p99"),
                values.get("p999"),
                values.get("p9999"),
                values.get("max"));
    }

    private static String micros(double ns) {
        return format("%,.1f µs", ns / 1e3);
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
