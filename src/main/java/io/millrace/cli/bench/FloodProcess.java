package io.millrace.cli.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.process.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The server's end of a {@link FloodCommand} process. What that writes to stderr goes to this process's stderr. */
final class FloodProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final long PATIENCE_S = 20;

    private final Process process;
    private final PrintWriter commands;
    private final BufferedReader answers;
    private final Map<String, Integer> kinds;

    /** Starts it and waits until all that the attackers will say is made. */
    FloodProcess(FloodCommand.Setup setup) throws IOException {
        process = new ProcessBuilder(JavaCommand.of(List.of("flood-attack")))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        answers = process.inputReader(StandardCharsets.UTF_8);
        try {
            commands.println(JSON.writeValueAsString(setup));
            kinds = JSON.readValue(answer(), new TypeReference<>() {});
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Attackers of each kind. */
    Map<String, Integer> kinds() {
        return kinds;
    }

    void go() {
        commands.println("go");
    }

    /** Whether {@link #result} need not wait. */
    boolean isOver() throws IOException {
        return answers.ready() || !process.isAlive();
    }

    /** What the attack took, once it is over. */
    FloodCommand.Result result() throws IOException {
        return JSON.readValue(answer(), FloodCommand.Result.class);
    }

    private String answer() throws IOException {
        final String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the attackers' process ended; its own message stands above");
        }
        return answer;
    }

    /** Sends the slow readers away too, and waits for the end of the process. */
    @Override
    public void close() {
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
}
