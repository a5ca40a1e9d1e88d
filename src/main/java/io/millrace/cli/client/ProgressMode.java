package io.millrace.cli.client;

/** How a sender shows its progress on stderr. */
enum ProgressMode {
    /** A bar on a terminal, otherwise nothing. */
    AUTO,
    /** A line now and then, for programs: {@code progress: 1000 of 5000 bytes}. */
    LINES,
    /** Nothing. */
    NONE
}
