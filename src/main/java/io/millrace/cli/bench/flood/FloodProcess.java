package io.millrace.cli.bench.flood;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.process.LineProcess;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The server's end of a {@link FloodCommand} process. */
final class FloodProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final LineProcess process;
    private final Map<String, Integer> kinds;

    /** Starts it and waits until all that the attackers will say is made. */
    FloodProcess(FloodCommand.Setup setup) throws IOException {
        process = LineProcess.start("attackers' process", List.of("flood-attack"));
        try {
            kinds = JSON.readValue(process.ask(JSON.writeValueAsString(setup)), new TypeReference<>() {});
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    /** Attackers of each kind. */
    Map<String, Integer> kinds() {
        return kinds;
    }

    void go() throws IOException {
        process.tell("go");
    }

    /** Whether {@link #result} need not wait. */
    boolean isOver() throws IOException {
        return process.hasAnswered();
    }

    /** Cost of the attack to the attackers, once it is over. */
    FloodCommand.Result result() throws IOException {
        return JSON.readValue(process.answer(), FloodCommand.Result.class);
    }

    /** Sends the slow readers away too, and waits for the end of the process. */
    @Override
    public void close() {
        process.close();
    }
}
