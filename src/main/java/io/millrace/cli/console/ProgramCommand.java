package io.millrace.cli.console;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command of the program: takes {@code --json} and {@code --help}, runs, and says how it went. Its options declare by
 * {@link UsedWith} and {@link PathOption} what {@link OptionRules} checks before it runs.
 */
public abstract class ProgramCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print exactly one JSON object on stdout, everything else on stderr.")
    private boolean json;

    /** For commands. */
    protected ProgramCommand() {}

    @Override
    public final Integer call() throws Exception {
        final CommandLine command = spec.commandLine();
        final CommandLine program = spec.root().commandLine();
        return run(new Output(command.getOut(), command.getErr(), json, program::setErr));
    }

    /**
     * Does the work.
     *
     * @return {@link ExitCode#OK} or {@link ExitCode#FAILED}.
     * @throws UsageError if the user can mend it.
     * @throws Exception an {@code IOException} counts as the user's to mend, anything else as a fault of the program.
     */
    protected abstract int run(Output output) throws Exception;
}
