package io.millrace.cli.bench;

import io.millrace.cli.config.PathOptions;
import io.millrace.cli.console.Section;
import io.millrace.cli.console.UsageError;
import io.millrace.node.config.EngineSettings;
import io.millrace.receipt.SigningMode;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.ReplayMode;
import java.io.IOException;
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

    /**
     * The path that the options describe.
     *
     * @param standard memory of replay tags, unless the user chose one or named a relay's file.
     * @param receipts how receipts are signed; empty for those of the file, if there is one.
     */
    MeasuredPath measured(ReplayMode standard, Optional<SigningMode> receipts) throws IOException {
        if (inside < 1 || inside > 12_288) {
            throw new UsageError("--inside must be 1 to 12288: inside=" + inside);
        }
        final EngineSettings file = path.settings();
        final EngineSettings engine = receipts.isPresent() ? file.withReceipts(receipts) : file;
        return new MeasuredPath(engine, inside, replay(engine, standard));
    }

    /** Distinct packets to prepare, 64 to 4,000,000. */
    int packets() {
        if (packets < 64 || packets > 4_000_000) {
            throw new UsageError("--packets must be 64 to 4000000: packets=" + packets);
        }
        return packets;
    }

    private ReplayMode replay(EngineSettings engine, ReplayMode standard) {
        if (replay == null) {
            return !path.hasFile() ? standard : engine.journal().isPresent() ? ReplayMode.JOURNALLED : ReplayMode.EXACT;
        }
        try {
            return ReplayMode.byLabel(replay);
        } catch (IllegalArgumentException e) {
            throw new UsageError("--replay=" + replay + ": " + e.getMessage(), e);
        }
    }
}
