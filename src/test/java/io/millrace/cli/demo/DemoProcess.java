package io.millrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.Millrace;
import io.millrace.cli.ProgramRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A demo in a separate process, whose temporary folders are all in one place. */
final class DemoProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> output;
    private final CompletableFuture<Void> errorsRead;

    private DemoProcess(Process process) {
        this.process = process;
        this.output = CompletableFuture.supplyAsync(this::readOutput, Thread::startVirtualThread);
        this.errorsRead = CompletableFuture.runAsync(this::readErrors, Thread::startVirtualThread);
    }

    static DemoProcess start(Path temporary, String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Millrace.class.getName(),
                "demo"));
        command.addAll(List.of(arguments));
        final Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        return new DemoProcess(process);
    }

    /** Waits for a line on stderr that contains {@code text}. */
    void awaitLine(String text) throws InterruptedException {
        final long deadline = System.nanoTime() + PATIENCE.toNanos();
        String line = "";
        while (!line.contains(text)) {
            line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null || (line.isEmpty() && !process.isAlive())) {
                throw new AssertionError("no such line on stderr: " + text + "; but: " + errors);
            }
        }
    }

    /** Waits until something is in {@code folder}. */
    void awaitEntryIn(Path folder) throws IOException, InterruptedException {
        try (WatchService watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            if (!isEmpty(folder)) {
                return;
            }
            final WatchKey key = watch.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (key == null) {
                throw new AssertionError("nothing appeared in " + folder + "; stderr: " + errors);
            }
        }
    }

    /** Sends a signal to the demo itself, not to its children. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Kills the demo itself, not its children. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** The processes that it has started and that still live. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** Waits for its end. */
    ProgramRun await() throws InterruptedException, ExecutionException, TimeoutException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the demo does not end; stderr: " + errors);
        }
        errorsRead.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return new ProgramRun(
                process.exitValue(), output.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), String.join("", errors));
    }

    /** Its stdout as JSON, after its end. */
    JsonNode json() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        return await().json();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    static boolean isEmpty(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private String readOutput() {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readErrors() {
        try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                errors.add(line + "\n");
                lines.add(line);
            }
            process.onExit().join();
            lines.add("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
