package io.millrace.cli.demo;

/** What the demo hears from the processes it has started, and from the terminal. */
sealed interface ChildEvent {
    /** A line that a process wrote to stderr. */
    record Line(String child, String text) implements ChildEvent {}

    /** A process has ended, and everything that it wrote has been read. */
    record Exited(String child, int exitCode) implements ChildEvent {}

    /** The demo itself is to end. */
    record Interrupted() implements ChildEvent {}
}
