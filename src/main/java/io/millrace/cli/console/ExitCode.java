package io.millrace.cli.console;

/** Exit codes of the program. */
public final class ExitCode {
    /** Done, and every check held. */
    public static final int OK = 0;

    /** It ran and a check failed, or the program itself has a fault. */
    public static final int FAILED = 1;

    /** Wrong usage, configuration or files; or output that could not be written. */
    public static final int USAGE = 2;

    /** What could be tried held, and something that was asked for could not be tried: it is named. */
    public static final int INCOMPLETE = 3;

    /** The reader of standard output closed it before the end: 128 + SIGPIPE, as a shell shows it for other programs. */
    public static final int READER_GONE = 141;

    private ExitCode() {}
}
