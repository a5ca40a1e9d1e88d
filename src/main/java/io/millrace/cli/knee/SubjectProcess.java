package io.millrace.cli.knee;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.process.LineProcess;
import java.io.IOException;
import java.util.List;

/** The generator's end of a {@link SubjectCommand} process. */
final class SubjectProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final LineProcess process;

    /** Starts a subject. */
    SubjectProcess(SubjectSetup setup) throws IOException {
        process = LineProcess.start(setup.kind() + " under test", List.of("knee-subject"));
        try {
            process.ask(JSON.writeValueAsString(setup));
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    /** Begins an interval in that key epoch, 1 or more. */
    void begin(int epoch) throws IOException {
        process.ask("begin " + epoch);
    }

    /** Goes on to the next key epoch. */
    void roll() throws IOException {
        process.ask("roll");
    }

    /** How the interval went so far. */
    SubjectReport report() throws IOException {
        return JSON.readValue(process.ask("report"), SubjectReport.class);
    }

    /** Lets the process end, and ends it if it does not. */
    @Override
    public void close() {
        process.close();
    }
}
