package io.millrace.rig.knee.subject;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.rig.process.LineProcess;
import java.io.IOException;
import java.nio.file.Path;

/** The generator's end of a {@link SubjectChild} process. */
public final class SubjectProcess implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final LineProcess process;

    /** Starts a subject. */
    public SubjectProcess(SubjectSetup setup) throws IOException {
        process = LineProcess.start(setup.kind() + " under test", "knee-subject");
        try {
            process.ask(JSON.writeValueAsString(setup));
        } catch (IOException e) {
            process.close();
            throw e;
        }
    }

    /** Begins an interval in that key epoch, 1 or more. */
    public void begin(int epoch) throws IOException {
        process.ask("begin " + epoch);
    }

    /** Goes on to the next key epoch. */
    public void roll() throws IOException {
        process.ask("roll");
    }

    /**
     * Records the engine from now on.
     *
     * @param file gets the flight recording; replaced if it is there.
     */
    public void record(Path file) throws IOException {
        process.ask("record " + file.toAbsolutePath());
    }

    /** Ends the recording, and writes its file. */
    public void recorded() throws IOException {
        process.ask("recorded");
    }

    /** How the interval went so far. */
    public SubjectReport report() throws IOException {
        return JSON.readValue(process.ask("report"), SubjectReport.class);
    }

    /** Lets the process end, and ends it if it does not. */
    @Override
    public void close() {
        process.close();
    }
}
