package io.millrace.cli.demo;

import io.millrace.rig.process.ChildEvent;
import io.millrace.rig.process.ChildProcess;
import io.millrace.rig.process.FreePorts;
import io.millrace.rig.process.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The demo's processes: starts them, reads their lines, ends them.
 *
 * <p>Threading: one owner; {@link #interrupt} may be called by any thread.
 */
final class DemoNetwork implements AutoCloseable {
    /** A JVM start takes well below a second; five of them on a loaded machine may take long. */
    private static final Duration START = Duration.ofSeconds(60);

    private static final Duration END = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 5;
    private static final Pattern PORT_IN_USE = Pattern.compile("(?i).*cannot listen.*");

    private final Path folder;
    private final List<String> programOptions;
    private final DemoWire wire;
    private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    private final Map<String, ChildProcess> children = new LinkedHashMap<>();
    private final Set<String> ready = new HashSet<>();
    private final Map<String, Integer> exitCodes = new LinkedHashMap<>();

    /**
     * A network whose files are in {@code folder}.
     *
     * @param programOptions for every process, before its command.
     * @param wire formats between the nodes.
     */
    DemoNetwork(Path folder, List<String> programOptions, DemoWire wire) {
        this.folder = folder;
        this.wire = wire;
        this.programOptions = List.copyOf(programOptions);
    }

    /** Makes threads that wait for an event fail. */
    void interrupt() {
        events.add(new ChildEvent.Interrupted());
    }

    /** Writes keys and files and starts the relays and the receiver, with other ports if one has been taken meanwhile. */
    void start(String delay, Duration epoch, Path received, int patienceSeconds)
            throws IOException, DemoFailure, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            DemoFiles.write(folder, delay, wire, FreePorts.find(DemoFiles.count()), epoch);
            try {
                for (String relay : DemoFiles.RELAYS) {
                    startChild(relay, List.of("relay", "--json", "--with-parent", "--config", config(relay)));
                }
                startChild(
                        DemoFiles.RECEIVER,
                        List.of(
                                "receive",
                                "--json",
                                "--once",
                                "--with-parent",
                                "--patience",
                                Integer.toString(patienceSeconds),
                                "--config",
                                config(DemoFiles.RECEIVER),
                                "--out",
                                received.toString()));
                awaitReady();
                writePids();
                return;
            } catch (DemoFailure e) {
                if (attempt == ATTEMPTS || !PORT_IN_USE.matcher(e.getMessage()).matches()) {
                    throw e;
                }
                end();
            }
        }
    }

    /** Starts the sender, and waits until it has ended well; anything that ends before is a failure. */
    void send(Path file, int patienceSeconds, Consumer<String> lines)
            throws IOException, DemoFailure, InterruptedException {
        startChild(
                DemoFiles.SENDER,
                List.of(
                        "send",
                        "--json",
                        "--with-parent",
                        "--progress",
                        "LINES",
                        "--patience",
                        Integer.toString(patienceSeconds),
                        "--config",
                        config(DemoFiles.SENDER),
                        "--to",
                        DemoFiles.RECEIVER,
                        "--route",
                        String.join(",", DemoFiles.RELAYS),
                        file.toAbsolutePath().toString()));
        writePids();
        while (!exitCodes.containsKey(DemoFiles.SENDER)) {
            switch (events.take()) {
                case ChildEvent.Line line -> {
                    if (line.child().equals(DemoFiles.SENDER)) {
                        lines.accept(line.text());
                    }
                }
                case ChildEvent.Exited exited -> onExit(exited, "in the middle of the transfer");
                case ChildEvent.Interrupted interrupted -> throw new DemoFailure("interrupted");
            }
        }
    }

    /** Waits until the receiver has ended well. */
    void awaitReceiver() throws DemoFailure, InterruptedException {
        await(DemoFiles.RECEIVER);
    }

    /** Tells the relays to drain and stop, and waits until they have ended well. */
    void stopRelays() throws DemoFailure, InterruptedException {
        for (String relay : DemoFiles.RELAYS) {
            children.get(relay).terminate();
        }
        for (String relay : DemoFiles.RELAYS) {
            await(relay);
        }
    }

    /** Stdout of a process that has ended. */
    String output(String name) {
        return children.get(name).output();
    }

    /** Kills what still runs, and returns when nothing does. */
    void end() {
        children.values().forEach(ChildProcess::kill);
        children.clear();
        ready.clear();
        exitCodes.clear();
        events.removeIf(event -> !(event instanceof ChildEvent.Interrupted));
    }

    /** As {@link #end}. */
    @Override
    public void close() {
        end();
    }

    private void startChild(String name, List<String> arguments) throws IOException {
        final List<String> whole = new ArrayList<>(programOptions);
        whole.addAll(arguments);
        children.put(name, ChildProcess.start(name, JavaCommand.of(whole), events));
    }

    private void awaitReady() throws DemoFailure, InterruptedException {
        final long deadline = System.nanoTime() + START.toNanos();
        while (ready.size() < children.size()) {
            final ChildEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            switch (event) {
                case null -> throw new DemoFailure("not every process was ready after " + START.toSeconds() + " s");
                case ChildEvent.Line line -> {
                    if (line.text().contains(" is ready at ")) {
                        ready.add(line.child());
                    }
                }
                case ChildEvent.Exited exited -> onExit(exited, "before it was ready");
                case ChildEvent.Interrupted interrupted -> throw new DemoFailure("interrupted");
            }
        }
    }

    private void await(String name) throws DemoFailure, InterruptedException {
        final long deadline = System.nanoTime() + END.toNanos();
        while (!exitCodes.containsKey(name)) {
            final ChildEvent event = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            switch (event) {
                case null -> throw new DemoFailure(name + " did not end within " + END.toSeconds() + " s");
                case ChildEvent.Line line -> {}
                case ChildEvent.Exited exited -> onExit(exited, "at the end");
                case ChildEvent.Interrupted interrupted -> throw new DemoFailure("interrupted");
            }
        }
    }

    /** Notes an end that is in order; any other is a failure. */
    private void onExit(ChildEvent.Exited exited, String when) throws DemoFailure {
        exitCodes.put(exited.child(), exited.exitCode());
        final boolean early = DemoFiles.RELAYS.contains(exited.child()) && !when.equals("at the end");
        if (exited.exitCode() != 0 || early) {
            throw new DemoFailure(describe(exited, when));
        }
    }

    private String describe(ChildEvent.Exited exited, String when) {
        final ChildProcess child = children.get(exited.child());
        final String last = child.lastLine().replaceFirst("^millrace: ", "");
        final String why = last.isEmpty() || last.contains(" is ready at ") ? "" : ": " + last;
        final String role =
                DemoFiles.RELAYS.contains(exited.child()) ? "relay " + exited.child() : "the " + exited.child();
        return role + " (pid " + child.pid() + ") ended " + when + " with exit code " + exited.exitCode() + why;
    }

    private void writePids() throws IOException {
        final List<String> lines = new ArrayList<>();
        children.values().forEach(child -> lines.add(child.name() + " " + child.pid()));
        Files.write(folder.resolve("pids"), lines);
    }

    private String config(String name) {
        return DemoFiles.config(folder, name).toString();
    }
}
