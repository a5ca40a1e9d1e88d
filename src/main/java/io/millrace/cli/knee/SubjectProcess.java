package io.millrace.cli.knee;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The generator's end of a {@link SubjectCommand} process. What it writes to stderr goes to this process's stderr. */
final class SubjectProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long PATIENCE_S = 20;

    private final String kind;
    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;

    /** Starts a subject and waits until it receives. */
    SubjectProcess(SubjectSetup setup) throws IOException {
        kind = setup.kind();
        process = new ProcessBuilder(JavaCommand.of(List.of("knee-subject")))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        answers = process.inputReader(StandardCharsets.UTF_8);
        try {
            ask(JSON.writeValueAsString(setup));
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Begins an interval. */
    void epoch() throws IOException {
        ask("epoch");
    }

    /** How the interval went so far. */
    SubjectReport report() throws IOException {
        return JSON.readValue(ask("report"), SubjectReport.class);
    }

    /** Lets the process end, and ends it if it does not. */
    @Override
    public void close() throws IOException {
        commands.close();
        try {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private String ask(String line) throws IOException {
        commands.println(line);
        final String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the " + kind + " under test ended; its own message stands above");
        }
        return answer;
    }
}
