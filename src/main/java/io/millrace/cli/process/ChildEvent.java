package io.millrace.cli.process;

/** What is heard from the processes that were started, and from the terminal. */
public sealed interface ChildEvent {
    /** A line that a process wrote to stderr. */
    record Line(String child, String text) implements ChildEvent {}

    /** A process has ended, and everything that it wrote has been read. */
    record Exited(String child, int exitCode) implements ChildEvent {}

    /** Whoever started them is to end. */
    record Interrupted() implements ChildEvent {}
}
