package io.millrace.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * An example of {@code src/docs/examples}: compiles, runs in a separate process without a JVM flag, and counts its lines.
 *
 * @param name of its class.
 * @param jars the beginnings of the names of jars that it needs besides the engine's artifacts and their dependencies.
 */
record DocumentedExample(String name, List<String> jars) {
    /** Run-time dependencies of the engine's artifacts. */
    private static final List<String> ENGINE =
            List.of("millrace-", "agrona-", "disruptor-", "HdrHistogram-", "lazysodium-");

    DocumentedExample(String name, String... jars) {
        this(name, List.of(jars));
    }

    /** Its standard output; fails the test if it does not compile, does not end well or warns of more than native access. */
    String run(Path classes) throws IOException, InterruptedException {
        final String classPath = classPath();
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), "-cp", classPath, file().toString()))
                .isZero();
        final Path errors = classes.resolve("errors.txt");
        final Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        classes + File.pathSeparator + classPath,
                        name)
                .redirectError(errors.toFile())
                .start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
        assertThat(Files.readAllLines(errors).stream().filter(line -> !line.isEmpty()))
                .as("the JDK's warning of native access")
                .hasSize(4)
                .allMatch(line -> line.startsWith("WARNING: "))
                .anyMatch(line -> line.contains("--enable-native-access=ALL-UNNAMED"));
        return output;
    }

    /** Lines of the method whose declaration contains {@code declaration}. */
    int linesOf(String declaration) throws IOException {
        final List<String> lines = Files.readAllLines(file());
        final int from = lines.indexOf(lines.stream()
                .filter(line -> line.contains(declaration))
                .findFirst()
                .orElseThrow());
        return lines.subList(from, lines.size()).indexOf("    }") + 1;
    }

    private Path file() {
        return Path.of("docs", "examples", name + ".java");
    }

    private String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Files.isDirectory(Path.of(entry))
                        || Stream.concat(ENGINE.stream(), jars.stream())
                                .anyMatch(Path.of(entry).getFileName().toString()::startsWith))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
