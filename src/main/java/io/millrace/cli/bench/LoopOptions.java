package io.millrace.cli.bench;

import io.millrace.cli.config.PathOptions;
import io.millrace.cli.console.Section;
import io.millrace.cli.console.UsageError;
import io.millrace.receipt.SigningMode;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the closed loop that {@code packets}, {@code receipts} and {@code matrix} measure; a picocli mixin. */
final class LoopOptions {
    @Mixin
    private final PathOptions path;

    @Section(Section.LOAD)
    @Option(
            names = "--inside",
            paramLabel = "N",
            description = {
                "Most packets in the engine at once, waiting ones included (default: ${DEFAULT-VALUE}, saturation);",
                "1 sends one packet at a time."
            })
    private int inside = 12_288;

    @Section(Section.LOAD)
    @Option(
            names = "--packets",
            paramLabel = "N",
            description = "Distinct packets to prepare (default: ${DEFAULT-VALUE}).")
    private int packets = 16_384;

    @Section(Section.RELAY)
    @Option(
            names = "--replay",
            paramLabel = "MODE",
            description = {
                "journalled: replay tags are kept on disk too; exact: in memory only;",
                "none: no replay check, for comparison alone (default: journalled; in matrix and with --best-case"
                        + " exact)."
            })
    private String replay;

    /** Options with this default of {@code --threading}. */
    LoopOptions(String threading) {
        path = new PathOptions(threading, 32);
    }

    PathOptions path() {
        return path;
    }

    /** The path that the options describe, with replay tags as {@code standard} says unless the user chose. */
    MeasuredPath measured(ReplayMode standard, Optional<SigningMode> receipts) {
        if (inside < 1 || inside > 12_288) {
            throw new UsageError("--inside must be 1 to 12288: inside=" + inside);
        }
        return new MeasuredPath(
                path.provider(),
                path.config(),
                path.threading(),
                path.delay(),
                path.policy(),
                inside,
                replay(standard),
                receipts);
    }

    /** Distinct packets to prepare, 64 to 4,000,000. */
    int packets() {
        if (packets < 64 || packets > 4_000_000) {
            throw new UsageError("--packets must be 64 to 4000000: packets=" + packets);
        }
        return packets;
    }

    private ReplayMode replay(ReplayMode standard) {
        try {
            return replay == null ? standard : ReplayMode.byLabel(replay);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--replay=" + replay + ": " + e.getMessage(), e);
        }
    }
}
