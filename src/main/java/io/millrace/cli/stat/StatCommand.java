package io.millrace.cli.stat;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.ProgramCommand;
import io.millrace.cli.console.TerminalSize;
import io.millrace.cli.console.Termination;
import io.millrace.cli.console.UsageError;
import io.millrace.node.counters.CountersFolder;
import io.millrace.node.counters.CountersSnapshot;
import io.millrace.node.counters.RelayLife;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stat FOLDER}: shows the counters of a relay from outside. */
@Command(
        name = "stat",
        description = {
            "Shows the counters of a relay that runs here, or ran.",
            "The relay writes them to the folder that [metrics] counters of its file names. Reading does not touch the"
                    + " relay. Exit code 1: it does not run and did not stop in order, or its counters do not add up."
        })
public final class StatCommand extends ProgramCommand {
    private static final int PLAIN_COLUMNS = 100;
    private static final long REFRESH_MS = 1_000;

    @Parameters(paramLabel = "FOLDER", description = "Folder of the relay's counters.")
    @PathOption(PathKind.PLACE)
    private Path folder;

    @Option(names = "--watch", description = "Show them again every second, until SIGINT or the output is closed.")
    private boolean watch;

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    protected int run(Output output) throws Exception {
        if (watch && output.json()) {
            throw new UsageError("--watch shows no JSON: run stat --json once for each object");
        }
        final CountersFolder counters = CountersFolder.find(folder);
        final Look first = look(counters);
        if (!watch) {
            StatView.lines(
                            first,
                            Ink.PLAIN,
                            TerminalSize.now().map(TerminalSize::columns).orElse(PLAIN_COLUMNS))
                    .forEach(output::line);
            output.object(StatReport.of(first));
            return first.isWell() ? ExitCode.OK : ExitCode.FAILED;
        }
        try (Termination termination = Termination.onSignal(stopped::countDown)) {
            return termination.finished(watch(counters, first, output));
        }
    }

    private int watch(CountersFolder counters, Look first, Output output) throws InterruptedException {
        Look look = first;
        if (TerminalSize.now().isPresent()) {
            look = draw(counters, first, output);
            print(look, output); // the first screen is back and says nothing
        } else {
            print(look, output);
            while (!stopped.await(REFRESH_MS, TimeUnit.MILLISECONDS) && output.isOpen()) {
                look = again(counters, look);
                print(look, output);
            }
        }
        return ExitCode.OK;
    }

    /** Draws until the end; the last look. */
    private Look draw(CountersFolder counters, Look first, Output output) throws InterruptedException {
        final Ink ink = System.getenv("NO_COLOR") == null ? Ink.COLOUR : Ink.PLAIN;
        Look look = first;
        try (Screen screen = new Screen(output.terminal())) {
            Optional<TerminalSize> size = TerminalSize.now();
            while (size.isPresent() && output.isOpen()) {
                screen.draw(
                        StatView.lines(look, ink, size.get().columns()),
                        size.get().columns(),
                        size.get().rows());
                if (stopped.await(REFRESH_MS, TimeUnit.MILLISECONDS)) {
                    break;
                }
                look = again(counters, look);
                size = TerminalSize.now();
            }
        }
        return look;
    }

    private static void print(Look look, Output output) {
        final List<String> lines = StatView.lines(look, Ink.PLAIN, PLAIN_COLUMNS);
        lines.forEach(output::line);
        output.line("");
    }

    /** A file that cannot be read for a moment, while the relay starts again, leaves the look before. */
    private static Look again(CountersFolder counters, Look before) throws InterruptedException {
        try {
            return look(counters);
        } catch (IOException e) {
            return new Look(before.counters(), RelayLife.GONE, System.currentTimeMillis());
        }
    }

    private static Look look(CountersFolder counters) throws IOException, InterruptedException {
        final CountersSnapshot read = counters.read();
        final long nowMs = System.currentTimeMillis();
        final Optional<RelayLife> life = RelayLife.of(read, nowMs, RelayLife.Processes.SYSTEM);
        if (life.isPresent()) {
            return new Look(read, life.get(), nowMs);
        }
        Thread.sleep(RelayLife.LOOK_AGAIN_MS);
        final CountersSnapshot later = counters.read();
        return new Look(later, RelayLife.of(read, later), System.currentTimeMillis());
    }
}
