package io.millrace.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Files that this process has mapped or open, by the kernel's own list. */
public final class HeldFiles {
    private static final Path MAPPED = Path.of("/proc/self/maps");
    private static final Path OPEN = Path.of("/proc/self/fd");

    private HeldFiles() {}

    /** Whether the kernel has such a list; Linux does. */
    public static boolean isKnown() {
        return Files.exists(MAPPED);
    }

    /**
     * Lists the files.
     *
     * @param folder whose files, at any depth, are listed.
     * @return one line for each, which contains the file's name; empty if none is held.
     * @throws IOException if the list cannot be read.
     */
    public static List<String> below(Path folder) throws IOException {
        final List<String> held = new ArrayList<>();
        final String below = folder.toRealPath().toString();
        Files.readAllLines(MAPPED).stream().filter(line -> line.contains(below)).forEach(held::add);
        try (Stream<Path> listed = Files.list(OPEN)) {
            for (Path each : listed.toList()) {
                try {
                    final String target = Files.readSymbolicLink(each).toString();
                    if (target.startsWith(below)) {
                        held.add(target);
                    }
                } catch (IOException e) {
                    assertThat(each).doesNotExist(); // was closed since it was listed
                }
            }
        }
        return held;
    }
}
