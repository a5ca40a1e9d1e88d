package io.millrace.cli.console;

import java.io.Closeable;

/**
 * A command with peers: it runs for as long as they need, or until it is told to stop. Its notes wait for no reader of stderr
 * ({@link Output#notesInBackground}), so that a pipe that is not read holds up none of its traffic.
 */
public abstract class NetworkCommand extends ProgramCommand {
    /** For commands. */
    protected NetworkCommand() {}

    @Override
    protected final int run(Output output) throws Exception {
        final Closeable notes = output.notesInBackground();
        try {
            return serve(output);
        } finally {
            notes.close();
        }
    }

    /**
     * Does the work.
     *
     * @param output whose notes may be called by any thread.
     * @return {@link ExitCode#OK} or {@link ExitCode#FAILED}.
     * @throws UsageError if the user can mend it.
     * @throws Exception an {@code IOException} counts as the user's to mend, anything else as a fault of the program.
     */
    protected abstract int serve(Output output) throws Exception;
}
