package io.millrace.text;

/**
 * A person can mend this: a wrong configuration, a wrong argument, a file that is missing or says something else than it
 * should.
 */
public class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the fault.
     *
     * @param message one line, of the form {@code what: name=value}; never contains a secret.
     */
    public ConfigException(String message) {
        super(message);
    }

    /**
     * Names the fault, and keeps the cause.
     *
     * @param message one line, of the form {@code what: name=value}; never contains a secret.
     * @param cause of it.
     */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
