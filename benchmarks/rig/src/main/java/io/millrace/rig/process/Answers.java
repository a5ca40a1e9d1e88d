package io.millrace.rig.process;

import java.io.IOException;

/** Takes the lines with which a process of this program answers the process that started it. */
@FunctionalInterface
public interface Answers {
    /**
     * Writes a line.
     *
     * @param line without its end.
     * @throws IOException if it cannot be written.
     */
    void println(String line) throws IOException;
}
