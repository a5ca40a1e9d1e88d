package io.millrace.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Standard input of this process. Where it is closed at the start, its descriptor goes to the first file that is opened,
 * which is the JVM's own file of modules, and a read gives that file's bytes.
 *
 * <p>Looks at {@code /proc}. On a system without it the launcher's descriptor, which cannot be read, makes the first read
 * fail.
 */
public final class StandardInput {
    private static final Path PROC = Path.of("/proc/self");
    private static final int ACCESS_MODE = 3;
    private static final int WRITE_ONLY = 1;
    private static final String FLAGS = "flags:";

    private StandardInput() {}

    /**
     * Refuses a closed standard input, for a command that reads it.
     *
     * @throws UsageError if it is closed, or open for writing alone.
     */
    public static void requireOpen() {
        if (isClosed(PROC, Path.of(System.getProperty("java.home"), "lib", "modules"))) {
            throw new UsageError("standard input is closed: give it a file or pipe, or </dev/null for no input");
        }
    }

    /**
     * Whether descriptor 0 is no input.
     *
     * @param process its folder of {@code /proc}.
     * @param modules the file that the JVM opens first.
     */
    static boolean isClosed(Path process, Path modules) {
        final Path descriptor = process.resolve("fd/0");
        final Path info = process.resolve("fdinfo/0");
        if (!Files.isDirectory(process.resolve("fd"))) {
            return false;
        }
        try {
            if (!Files.exists(info) || (Files.exists(descriptor) && Files.isSameFile(descriptor, modules))) {
                return true;
            }
            return WRITE_ONLY
                    == (ACCESS_MODE
                            & flags(new String(Files.readAllBytes(info), UTF_8)
                                    .lines()
                                    .toList()));
        } catch (IOException | NumberFormatException e) {
            return false; // cannot be told: a read will show it
        }
    }

    private static int flags(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(FLAGS))
                .map(line -> Integer.parseInt(line.substring(FLAGS.length()).strip(), 8))
                .findFirst()
                .orElse(0);
    }
}
