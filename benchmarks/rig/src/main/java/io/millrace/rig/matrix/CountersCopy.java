package io.millrace.rig.matrix;

import io.millrace.node.counters.CountersMirror;
import io.millrace.node.counters.MirrorSource;
import io.millrace.relay.RelayEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The counters of an engine in a file, as a relay with {@code [metrics] counters} has them; in a temporary folder. */
final class CountersCopy implements AutoCloseable {
    /** Name of the thread that copies. */
    static final String THREAD = "millrace-counters";

    private final Path folder = Files.createTempDirectory("millrace-bench");
    private final CountersMirror mirror;

    /**
     * Makes the file and starts to copy.
     *
     * @param engine outlives this.
     * @throws IOException if the file cannot be made in the folder for temporary files.
     */
    CountersCopy(RelayEngine engine) throws IOException {
        mirror = CountersMirror.start(
                folder,
                "bench",
                "bench",
                new MirrorSource(
                        engine, List.of("upstream", "downstream"), Optional::empty, OptionalDouble::empty, () -> 0),
                note -> {
                    throw new IllegalStateException(note);
                });
    }

    /** The folder of the file. */
    Path folder() {
        return folder;
    }

    /** Ends the copying and deletes the file. */
    @Override
    public void close() throws IOException {
        mirror.close();
        final List<Path> files;
        try (Stream<Path> walked = Files.walk(folder)) {
            files = walked.toList().reversed();
        }
        for (Path each : files) {
            Files.delete(each);
        }
    }
}
