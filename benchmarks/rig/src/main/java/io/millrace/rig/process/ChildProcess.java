package io.millrace.rig.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;

/**
 * A process of this program: its stderr arrives as events line by line, its stdout is kept.
 *
 * <p>Threading: one owner; two further threads read the process's output.
 */
public final class ChildProcess {
    private final String name;
    private final Process process;
    private volatile String output = "";
    private volatile String lastLine = "";

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
    }

    /**
     * Starts {@code command}, with an empty stdin, and without the JVM options of this process's environment.
     *
     * @param name of the process, for events and messages.
     * @param command program and arguments.
     * @param events receives lines and the end of the process.
     */
    public static ChildProcess start(String name, List<String> command, BlockingQueue<ChildEvent> events)
            throws IOException {
        final ProcessBuilder builder = new ProcessBuilder(command);
        JavaCommand.clean(builder.environment());
        final Process process = builder.start();
        process.getOutputStream().close();
        final ChildProcess child = new ChildProcess(name, process);
        final Thread errors =
                Thread.ofPlatform().daemon().name("stderr of " + name).start(() -> child.readLines(events));
        Thread.ofPlatform().daemon().name("stdout of " + name).start(() -> child.readOutput(errors, events));
        return child;
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    /** All of its stdout, once it has exited. */
    public String output() {
        return output;
    }

    /** The last line of its stderr so far; empty if there is none. */
    public String lastLine() {
        return lastLine;
    }

    /** Asks it to drain and stop. */
    public void terminate() {
        process.toHandle().destroy(); // Process.destroy would close the streams before they are read
    }

    /** Ends it, whatever it does, and returns when it is gone. */
    public void kill() {
        process.toHandle().destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void readLines(BlockingQueue<ChildEvent> events) {
        try (BufferedReader reader = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.isBlank()) {
                    lastLine = line;
                    events.add(new ChildEvent.Line(name, line));
                }
            }
        } catch (IOException e) {
            events.add(new ChildEvent.Line(name, "cannot read its stderr: " + e.getMessage()));
        }
    }

    private void readOutput(Thread errors, BlockingQueue<ChildEvent> events) {
        try (InputStream stdout = process.getInputStream()) {
            output = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
            errors.join();
            events.add(new ChildEvent.Exited(name, process.waitFor()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("this thread is never interrupted", e);
        }
    }
}
