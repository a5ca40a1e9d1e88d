package io.millrace.cli;

import io.millrace.cli.console.ErrorLine;
import io.millrace.cli.console.ExitCode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry point of the command line. */
@Command(
        name = "millrace",
        description = "A low-latency relay engine.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        subcommands = {},
        footer = {
            "",
            "Exit codes: 0 done and every check held; 1 it ran and a check failed;",
            "2 wrong usage, configuration or files (one line on stderr says which)."
        })
public final class Millrace implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean verbose;

    private Millrace() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole program, writing to this process's stdout and stderr unless told otherwise; for one run. */
    public static CommandLine commandLine() {
        final Millrace program = new Millrace();
        return new CommandLine(program)
                .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .setExitCodeExceptionMapper(thrown -> ExitCode.FAILED)
                .setParameterExceptionHandler(ErrorLine::ofParser)
                .setExecutionExceptionHandler(
                        (thrown, command, parsed) -> ErrorLine.ofCommand(thrown, command, program.verbose));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
