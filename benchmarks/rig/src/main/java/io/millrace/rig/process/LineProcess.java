package io.millrace.rig.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A process of this program that obeys lines on its stdin, answers each with a line on its stdout, and ends when its stdin
 * does. Its stderr goes to this process's stderr.
 *
 * <p>Threading: one owner.
 */
public final class LineProcess implements AutoCloseable {
    private static final long PATIENCE_S = 20;

    private final String name;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private LineProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /**
     * Starts one.
     *
     * @param name for messages.
     * @param kind of process, as {@code RigChild} takes it.
     */
    public static LineProcess start(String name, String kind) throws IOException {
        final ProcessBuilder builder =
                new ProcessBuilder(JavaCommand.measured(kind)).redirectError(ProcessBuilder.Redirect.INHERIT);
        JavaCommand.clean(builder.environment());
        return new LineProcess(name, builder.start());
    }

    /**
     * Says a line; its {@link #answer} is to be fetched.
     *
     * @param line without its end.
     * @throws IOException if the process has ended.
     */
    public void tell(String line) throws IOException {
        try {
            commands.write(line + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new IOException("the " + name + " ended; see its message above", e);
        }
    }

    /** Whether {@link #answer} need not wait. */
    public boolean hasAnswered() throws IOException {
        return answers.ready() || !process.isAlive();
    }

    /** Waits for the answer to the oldest line that has none. */
    public String answer() throws IOException {
        final String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the " + name + " ended; see its message above");
        }
        return answer;
    }

    /**
     * Says a line and waits for its answer.
     *
     * @param line one line, without its end.
     */
    public String ask(String line) throws IOException {
        tell(line);
        return answer();
    }

    /** Lets the process end, and ends it if it does not. */
    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            process.destroyForcibly(); // it has closed its stdin, so it has ended or is about to
        }
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
