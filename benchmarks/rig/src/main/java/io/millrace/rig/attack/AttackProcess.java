package io.millrace.rig.attack;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.rig.process.LineProcess;
import java.io.IOException;

/** The server's end of an {@link AttackChild} process. */
final class AttackProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final LineProcess process = LineProcess.start("attackers' process", "attack");

    AttackProcess() throws IOException {}

    /** Begins an attack. */
    void begin(AttackChild.Setup setup) throws IOException {
        process.ask(JSON.writeValueAsString(setup));
    }

    /**
     * Begins to use processor time for nothing.
     *
     * @param processors processor seconds a second, 0 or more.
     */
    void burn(double processors) throws IOException {
        process.ask(AttackChild.BURN + processors);
    }

    /** Ends either. */
    AttackChild.Result stop() throws IOException {
        return JSON.readValue(process.ask("stop"), AttackChild.Result.class);
    }

    @Override
    public void close() {
        process.close();
    }
}
