package io.millrace.rig.process;

/** An event of a child process, or of the terminal. */
public sealed interface ChildEvent {
    /**
     * A line that a process wrote to stderr.
     *
     * @param child name of the process.
     * @param text the line without its end.
     */
    record Line(String child, String text) implements ChildEvent {}

    /**
     * A process has ended, and everything that it wrote has been read.
     *
     * @param child name of the process.
     * @param exitCode of the process.
     */
    record Exited(String child, int exitCode) implements ChildEvent {}

    /** The parent is to end. */
    record Interrupted() implements ChildEvent {}
}
