package io.millrace.rig.process;

/** An event of a child process, or of the terminal. */
public sealed interface ChildEvent {
    /** A line that a process wrote to stderr. */
    record Line(String child, String text) implements ChildEvent {}

    /** A process has ended, and everything that it wrote has been read. */
    record Exited(String child, int exitCode) implements ChildEvent {}

    /** The parent is to end. */
    record Interrupted() implements ChildEvent {}
}
