package io.millrace.cli.knee;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.cli.console.AnswerLines;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.ProgramCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;

/**
 * {@code knee-subject}: the subject of {@code knee}, in a separate process. Obeys lines on stdin, answers each with one
 * line of JSON on stdout, and ends when stdin does:
 *
 * <pre>
 *   {SubjectSetup}   first of all
 *   begin EPOCH      begin an interval in that key epoch; answered when it receives
 *   roll             go on to the next key epoch
 *   report           {SubjectReport} of the interval
 * </pre>
 */
@Command(
        name = "knee-subject",
        hidden = true,
        description = "The process that knee measures; obeys lines on stdin, see knee.")
public final class SubjectCommand extends ProgramCommand {
    private static final String BEGIN = "begin ";
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    protected int run(Output output) throws Exception {
        final BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final AnswerLines answers = new AnswerLines();
        final String first = commands.readLine();
        if (first == null) {
            return ExitCode.OK;
        }
        final SubjectSetup setup = JSON.readValue(first, SubjectSetup.class);
        try (Subject subject =
                setup.kind().equals(SubjectSetup.RELAY) ? new RelaySubject(setup) : new ForwarderSubject(setup)) {
            answers.println(JSON.writeValueAsString(
                    Map.of("pid", ProcessHandle.current().pid())));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                answers.println(JSON.writeValueAsString(obey(subject, line)));
            }
        }
        return ExitCode.OK;
    }

    private static Object obey(Subject subject, String line) throws IOException {
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
            default -> throw new IOException("not a command: " + line);
        };
    }
}
