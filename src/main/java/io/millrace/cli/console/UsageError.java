package io.millrace.cli.console;

import io.millrace.text.ConfigException;

/**
 * The user can mend this: a wrong argument, a wrong configuration, a file that is missing. Ends the program with
 * {@link ExitCode#USAGE} and the message as one line, without a stack trace.
 */
public final class UsageError extends ConfigException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the fault.
     *
     * @param message one line, of the form {@code what: name=value}; never contains a secret.
     */
    public UsageError(String message) {
        super(message);
    }

    /** Names the fault, and keeps the cause for {@code --verbose}. */
    public UsageError(String message, Throwable cause) {
        super(message, cause);
    }
}
