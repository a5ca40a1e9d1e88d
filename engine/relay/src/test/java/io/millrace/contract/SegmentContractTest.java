package io.millrace.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Probes every exported method and constructor that takes memory with segments and numbers that are wrong: none may crash the
 * process, write past a segment or write to one that is read only.
 *
 * <p>Covered are all packages that a named module of ours on the class path exports. In each, every public method and
 * constructor that takes a segment, an array of segments, an arena, an {@code AddressArray} or a {@code StatusArray}.
 * In the packages of {@link ExportedClasses} that pass numbers on to C or hold native memory, also the methods of the
 * objects that hold it, and all bindings with their addresses and lengths. Not covered: methods that take memory only
 * inside another object, such as a {@code DatagramBatch}; interfaces that callers implement; numbers of other packages.
 *
 * <p>A segment is probed short, closed, another thread's, on the heap, null, misaligned and read only. A closed one and
 * another thread's must be refused by an exception, with the exceptions that {@link Probes} lists. A short one may be
 * accepted, as many lengths are right, and a misaligned one unless it holds 64-bit integers for C; a guard page behind
 * it shows whether more is touched. An object is also used after it, or its memory, is closed.
 *
 * <p>A new method needs no entry here. If no valid call of it is found, the test fails and asks for the lengths in {@link
 * Shapes} or an object in {@link Subjects}: a method that refuses everything would show nothing. The probes run in a child
 * process, because a fault ends it: the last probe that it printed names the method.
 */
class SegmentContractTest {
    /** Fewer mean that the search for classes is broken. */
    private static final int FEWEST_CLASSES = 90;

    /** Ends a child that hangs in a call; a run takes below one minute on two processors. */
    private static final int PATIENCE_MINUTES = 10;

    @Test
    void noExportedMethodTrustsASegmentOrANumber() throws IOException, InterruptedException {
        final Process child =
                new ProcessBuilder(command()).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(PATIENCE_MINUTES, TimeUnit.MINUTES).execute(child::destroyForcibly);
        final List<String> failed = new ArrayList<>();
        String last = "no probe";
        String done = null;
        final List<String> rest = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("PROBE ")) {
                    last = line;
                } else if (line.startsWith("FAILED ")) {
                    failed.add(line);
                } else if (line.startsWith("DONE ")) {
                    done = line;
                } else if (rest.size() < 40) {
                    rest.add(line);
                }
            }
        }
        final int exit = child.waitFor();

        assertThat(failed).as("probes that failed").isEmpty();
        assertThat(done)
                .as("the process ended (%d) in: %s%n%s", exit, last, String.join("\n", rest))
                .isNotNull();
        System.out.println("SegmentContractTest: " + done);
        assertThat(Integer.parseInt(done.replaceAll(".*classes=(\\d+).*", "$1")))
                .isGreaterThan(FEWEST_CLASSES);
        assertThat(exit).isZero();
    }

    private static List<String> command() {
        final List<String> command = new ArrayList<>();
        // An absurd size fails at once, and not when the machine's memory is full. Where the limit cannot be set, the
        // machine has a lower one already.
        command.addAll(List.of("sh", "-c", "(ulimit -v 4194304) 2>/dev/null && ulimit -v 4194304; exec \"$0\" \"$@\""));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--"))
                .forEach(command::add);
        // Without assertions, as in production: what only an assertion refuses is not refused.
        command.addAll(List.of(
                "-da",
                "-Xmx512m",
                "-XX:CompressedClassSpaceSize=64m",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-cp",
                System.getProperty("java.class.path"),
                ContractRun.class.getName()));
        return command;
    }
}
