package io.millrace.rig.knee.subject;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.rig.measure.CoreSplit;
import io.millrace.rig.process.Answers;
import io.millrace.rig.recording.FlightRecording;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The subject that {@code knee} measures, in another process, {@code knee-subject}. Obeys lines, answers
 * each with one line of JSON, and ends when the lines do:
 *
 * <pre>
 *   {SubjectSetup}   first of all
 *   begin EPOCH      begin an interval in that key epoch; answered when it receives
 *   record FILE      record the interval from now on, into that file at its end
 *   recorded         end the recording; answered when the file is written
 *   roll             go on to the next key epoch
 *   report           {SubjectReport} of the interval
 * </pre>
 */
public final class SubjectChild {
    private static final String BEGIN = "begin ";
    private static final String RECORD = "record ";
    private static final JsonMapper JSON = new JsonMapper();

    private final Subject subject;
    private FlightRecording recording; // the last one; null before the first

    private SubjectChild(Subject subject) {
        this.subject = subject;
    }

    /**
     * Obeys until no line is left.
     *
     * @param commands lines of the process that started this one.
     * @param answers takes one line for each.
     * @throws Exception if a line is no command, an answer cannot be written or the subject fails.
     */
    public static void serve(BufferedReader commands, Answers answers) throws Exception {
        final String first = commands.readLine();
        if (first == null) {
            return;
        }
        final SubjectSetup setup = JSON.readValue(first, SubjectSetup.class);
        CoreSplit.bind(setup.cores());
        try (Subject subject =
                setup.kind().equals(SubjectSetup.RELAY) ? new RelaySubject(setup) : new ForwarderSubject(setup)) {
            answers.println(JSON.writeValueAsString(
                    Map.of("pid", ProcessHandle.current().pid())));
            final SubjectChild child = new SubjectChild(subject);
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                answers.println(JSON.writeValueAsString(child.obey(line)));
            }
        }
    }

    private Object obey(String line) throws IOException {
        if (line.startsWith(RECORD)) {
            recording = new FlightRecording(Path.of(line.substring(RECORD.length())));
            recording.begin();
            return Map.of("recording", "begun");
        }
        if (line.startsWith(BEGIN)) {
            subject.begin(Integer.parseInt(line.substring(BEGIN.length())));
            return Map.of("interval", "begun");
        }
        return switch (line) {
            case "roll" -> {
                subject.roll();
                yield Map.of("epoch", "rolled");
            }
            case "report" -> subject.report();
            case "recorded" -> {
                recording.end();
                recording.close();
                yield Map.of("recording", "written");
            }
            default -> throw new IOException("not a command: " + line);
        };
    }
}
