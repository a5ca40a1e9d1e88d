package io.millrace.cli;

import io.millrace.cli.bench.BenchCommand;
import io.millrace.cli.client.ReceiveCommand;
import io.millrace.cli.client.SendCommand;
import io.millrace.cli.console.ClosedPipe;
import io.millrace.cli.console.ErrorLine;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.HelpSections;
import io.millrace.cli.console.OptionRules;
import io.millrace.cli.console.PathCheck;
import io.millrace.cli.console.PathKind;
import io.millrace.cli.console.PathOption;
import io.millrace.cli.console.StandardStream;
import io.millrace.cli.console.Termination;
import io.millrace.cli.console.Version;
import io.millrace.cli.delays.DelaysCommand;
import io.millrace.cli.demo.DemoCommand;
import io.millrace.cli.doctor.DoctorCommand;
import io.millrace.cli.explain.ExplainCommand;
import io.millrace.cli.htx.HtxCommand;
import io.millrace.cli.keys.KeygenCommand;
import io.millrace.cli.knee.KneeCommand;
import io.millrace.cli.node.RelayCommand;
import io.millrace.cli.receipts.ReceiptsCommand;
import io.millrace.cli.report.CompareCommand;
import io.millrace.cli.report.ReportCommand;
import io.millrace.cli.stat.StatCommand;
import io.millrace.cli.trace.TraceCommand;
import io.millrace.cli.twin.TwinCommand;
import io.millrace.cli.vectors.VectorsCommand;
import io.millrace.crypto.Sodium;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of the command line. */
@Command(
        name = "millrace",
        description = {"Runs, measures and verifies relays of a mix network.", "Each command: millrace COMMAND --help."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        subcommands = {
            BenchCommand.class,
            ExplainCommand.class,
            KneeCommand.class,
            TraceCommand.class,
            DemoCommand.class,
            RelayCommand.class,
            StatCommand.class,
            SendCommand.class,
            ReceiveCommand.class,
            HtxCommand.class,
            KeygenCommand.class,
            DelaysCommand.class,
            DoctorCommand.class,
            VectorsCommand.class,
            ReceiptsCommand.class,
            TwinCommand.class,
            ReportCommand.class,
            CompareCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 done and every check held; 1 it ran and a check failed;",
            "2 wrong usage, configuration or files, or output that could not be written",
            "(one line on stderr says which); 3 every check that could run held, and",
            "something could not be tried (vectors names it)."
        })
public final class Millrace implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean verbose;

    @Option(
            names = "--sodium",
            paramLabel = "PATH",
            scope = ScopeType.INHERIT,
            description = "Use this libsodium instead of the embedded one.")
    @PathOption(PathKind.FILE)
    private Path sodium;

    private final StandardStream out = StandardStream.output();
    private final StandardStream err = StandardStream.error();

    private final IExecutionStrategy checkedRun;

    private Millrace(IExecutionStrategy checkedRun) {
        this.checkedRun = checkedRun;
    }

    /** Runs one command and exits with its code. */
    public static void main(String[] args) {
        final int exitCode = commandLine().execute(args);
        Termination.written(exitCode);
        System.exit(exitCode);
    }

    /** The whole program, writing to this process's stdout and stderr unless told otherwise; for one run. */
    public static CommandLine commandLine() {
        return commandLine(new CommandLine.RunLast());
    }

    /**
     * The program with another way to run a command whose line has passed all checks.
     *
     * @param checkedRun called once, after the checks.
     */
    static CommandLine commandLine(IExecutionStrategy checkedRun) {
        final Millrace program = new Millrace(checkedRun);
        final CommandLine commandLine = new CommandLine(program);
        // Not by annotation: inherited from there, it would be asked, and load libsodium, before the options are read.
        final Version version = new Version();
        commandLine.getCommandSpec().versionProvider(version);
        commandLine.getSubcommands().values().forEach(command -> tellVersion(command, version));
        HelpSections.apply(commandLine);
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A file whose name begins with @ is a file like any other; as one of arguments it could be a secret
                // key.
                .setExpandAtFiles(false)
                .setOut(new PrintWriter(program.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(program.err, true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(ErrorLine::ofParser)
                .setExecutionStrategy(program::execute);
    }

    private static void tellVersion(CommandLine command, Version version) {
        command.getCommandSpec().versionProvider(version);
        command.getSubcommands().values().forEach(below -> tellVersion(below, version));
    }

    // Errors are caught too: a command's other threads must not keep the process after the command has ended.
    private int execute(ParseResult parsed) {
        try {
            refuseUnmatched(parsed);
            if (!asksForHelp(parsed)) {
                OptionRules.check(parsed);
                PathCheck.check(parsed);
            }
            loadSodium();
            return written(checkedRun.execute(parsed));
        } catch (ParameterException e) {
            throw e;
        } catch (ExecutionException e) {
            return ErrorLine.ofCommand(e.getCause() == null ? e : e.getCause(), spec.commandLine(), verbose);
        } catch (RuntimeException | Error e) {
            return ErrorLine.ofCommand(e, spec.commandLine(), verbose);
        }
    }

    private static boolean asksForHelp(ParseResult parsed) {
        for (ParseResult each = parsed; each != null; each = each.subcommand()) {
            if (each.isUsageHelpRequested() || each.isVersionHelpRequested()) {
                return true;
            }
        }
        return false;
    }

    /** With --help among the arguments the parser lets words pass that it does not know. */
    private static void refuseUnmatched(ParseResult parsed) {
        for (ParseResult each = parsed; each != null; each = each.subcommand()) {
            if (!each.unmatched().isEmpty()) {
                throw new UnmatchedArgumentException(each.commandSpec().commandLine(), each.unmatched());
            }
        }
    }

    /**
     * Output that could not be written makes a run fail; a code that says already that it failed is kept. A reader that
     * closed the pipe knows that it did, and gets no message.
     */
    private int written(int exitCode) {
        final CommandLine command = spec.commandLine();
        if (command.getOut().checkError()) {
            if (out.failure().isPresent() && ClosedPipe.isReason(out.failure().get())) {
                return exitCode == ExitCode.OK ? ExitCode.READER_GONE : exitCode;
            }
            ErrorLine.ofOutput(out.failure(), command);
        } else if (!command.getErr().checkError()) {
            return exitCode;
        }
        return exitCode == ExitCode.OK ? ExitCode.USAGE : exitCode;
    }

    private void loadSodium() {
        if (sodium != null) {
            Sodium.load(sodium);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
