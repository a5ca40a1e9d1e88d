package io.millrace.test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that has ended: its exit code and output. */
public record ProcessRun(int exitCode, String out, String err) {
    /** Runs a process to its end; its output is small enough to fit a pipe. */
    public static ProcessRun of(ProcessBuilder builder) throws IOException, InterruptedException {
        final Process process = builder.start();
        process.getOutputStream().close();
        final String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        final String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new ProcessRun(process.waitFor(), out, err);
    }

    /** The command line of a JVM with this one's class path, which ends before a second compiler would be worth its time. */
    public static List<String> java(Class<?> main, String... args) {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return command;
    }
}
