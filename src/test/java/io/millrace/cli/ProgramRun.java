package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** One run of the program: its exit code and output. */
public record ProgramRun(int exitCode, String out, String err) {
    /** Runs the program in this process. */
    public static ProgramRun of(String... args) {
        return of(Millrace.commandLine(), args);
    }

    /** Runs a program that the caller has prepared, in this process. */
    public static ProgramRun of(CommandLine program, String... args) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        final int exitCode = program.setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
        return new ProgramRun(exitCode, out.toString(), err.toString());
    }

    /** Runs the program in a separate process. */
    public static ProgramRun inChild(String... args) throws IOException, InterruptedException {
        return ofProcess(new ProcessBuilder(commandOf(args)));
    }

    /** The command line of the program in a separate process, which ends before a second compiler would be worth its time. */
    public static List<String> commandOf(String... args) {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Millrace.class.getName()));
        command.addAll(List.of(args));
        return command;
    }

    /** Runs a process to its end; its output is small enough to fit a pipe. */
    public static ProgramRun ofProcess(ProcessBuilder builder) throws IOException, InterruptedException {
        final Process process = builder.start();
        process.getOutputStream().close();
        final String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        final String err = new String(process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new ProgramRun(process.waitFor(), out, err);
    }

    /** Stdout as the one JSON object that it must be. */
    public JsonNode json() throws IOException {
        try (var parser = new JsonMapper().createParser(out)) {
            final JsonNode object = parser.readValueAsTree();
            if (object == null || !object.isObject() || parser.nextToken() != null) {
                throw new AssertionError("stdout is not exactly one JSON object: " + out);
            }
            return object;
        }
    }
}
