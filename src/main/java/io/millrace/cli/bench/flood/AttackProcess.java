package io.millrace.cli.bench.flood;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.process.LineProcess;
import java.io.IOException;
import java.util.List;

/** The server's end of an {@link AttackCommand} process. */
final class AttackProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final LineProcess process = LineProcess.start("attackers' process", List.of("attack"));

    AttackProcess() throws IOException {}

    /** Begins an attack. */
    void begin(AttackCommand.Setup setup) throws IOException {
        process.ask(JSON.writeValueAsString(setup));
    }

    /**
     * Begins to use processor time for nothing.
     *
     * @param processors processor seconds a second, 0 or more.
     */
    void burn(double processors) throws IOException {
        process.ask(AttackCommand.BURN + processors);
    }

    /** Ends either. */
    AttackCommand.Result stop() throws IOException {
        return JSON.readValue(process.ask("stop"), AttackCommand.Result.class);
    }

    @Override
    public void close() {
        process.close();
    }
}
