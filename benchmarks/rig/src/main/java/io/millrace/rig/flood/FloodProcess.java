package io.millrace.rig.flood;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.rig.process.LineProcess;
import java.io.IOException;
import java.util.Map;

/** The server's end of a {@link FloodChild} process. */
final class FloodProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final LineProcess process;
    private final Map<String, Integer> kinds;

    /** Starts it and waits until all that the attackers will say is made. */
    FloodProcess(FloodChild.Setup setup) throws IOException {
        process = LineProcess.start("attackers' process", "flood-attack");
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
    FloodChild.Result result() throws IOException {
        return JSON.readValue(process.answer(), FloodChild.Result.class);
    }

    /** Sends the slow readers away too, and waits for the end of the process. */
    @Override
    public void close() {
        process.close();
    }
}
