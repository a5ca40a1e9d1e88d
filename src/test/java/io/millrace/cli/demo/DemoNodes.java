package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Millrace;
import io.millrace.cli.ProgramRun;
import io.millrace.rig.process.ChildEvent;
import io.millrace.rig.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Nodes of the demo's network as processes that a test starts and kills one by one. */
final class DemoNodes implements AutoCloseable {
    private static final long PATIENCE_S = 120;

    private final Path folder;
    private final BlockingQueue<ChildEvent> events = new LinkedBlockingQueue<>();
    private final List<ChildEvent> seen = new ArrayList<>();
    private final Map<String, ChildProcess> children = new HashMap<>();

    /** Nodes whose files {@link DemoFiles} has written to {@code folder}. */
    DemoNodes(Path folder) {
        this.folder = folder;
    }

    /** Starts a node; another one of that name is forgotten, with the lines that it wrote. */
    void start(String name, String command, String... options) throws IOException {
        final List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Millrace.class.getName(),
                command,
                "--with-parent",
                "--config",
                DemoFiles.config(folder, name).toString()));
        line.addAll(List.of(options));
        seen.removeIf(
                event -> event instanceof ChildEvent.Line said && said.child().equals(name));
        children.put(name, ChildProcess.start(name, line, events));
    }

    /** As {@link #start}, and waits until the node is ready. */
    void startReady(String name, String command, String... options) throws IOException, InterruptedException {
        start(name, command, options);
        await(name, line -> line.contains("is ready at"));
    }

    /** Waits for a line that a node writes, or has written, on stderr. */
    void await(String name, Predicate<String> wanted) throws InterruptedException {
        for (int i = 0; ; i++) {
            final ChildEvent event = at(i);
            if (event instanceof ChildEvent.Line line && line.child().equals(name) && wanted.test(line.text())) {
                return;
            }
            assertThat(event instanceof ChildEvent.Exited exited
                            && exited.child().equals(name))
                    .as("%s ended: %s", name, seen)
                    .isFalse();
        }
    }

    /** Waits for the end of a node; its exit code. */
    int awaitExit(String name) throws InterruptedException {
        for (int i = 0; ; i++) {
            if (at(i) instanceof ChildEvent.Exited exited && exited.child().equals(name)) {
                return exited.exitCode();
            }
        }
    }

    /** The process of a node. */
    ChildProcess child(String name) {
        return children.get(name);
    }

    /** Asks a node to stop, and waits for its end; the report that it wrote, and all its lines on stderr. */
    ProgramRun stop(String name) throws InterruptedException {
        children.get(name).terminate();
        final int exitCode = awaitExit(name);
        final String err = seen.stream()
                .filter(event ->
                        event instanceof ChildEvent.Line line && line.child().equals(name))
                .map(event -> ((ChildEvent.Line) event).text() + "\n")
                .collect(Collectors.joining());
        return new ProgramRun(exitCode, children.get(name).output(), err);
    }

    @Override
    public void close() {
        children.values().forEach(ChildProcess::kill);
    }

    /** All events so far stay, so that two nodes can be waited for in any order. */
    private ChildEvent at(int index) throws InterruptedException {
        if (index == seen.size()) {
            final ChildEvent event = events.poll(PATIENCE_S, TimeUnit.SECONDS);
            assertThat(event).as("nothing happened after %s", seen).isNotNull();
            seen.add(event);
        }
        return seen.get(index);
    }
}
