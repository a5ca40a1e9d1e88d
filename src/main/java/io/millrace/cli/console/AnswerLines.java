package io.millrace.cli.console;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The lines on standard output with which a process of this program answers the process that started it. A line that
 * cannot be written is an {@code IOException} at once: the other process is gone.
 *
 * <p>Not thread safe.
 */
public final class AnswerLines {
    private final OutputStream out;

    /** Writes to this process's standard output. */
    public AnswerLines() {
        this(StandardStream.output());
    }

    AnswerLines(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes a line.
     *
     * @param line without its end.
     * @throws IOException if it cannot be written.
     */
    public void println(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
