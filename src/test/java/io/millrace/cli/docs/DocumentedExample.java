package io.millrace.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/** An example of {@code src/docs}: compiles, runs in a process of its own, and counts its lines. */
record DocumentedExample(String name) {
    /** What it prints; fails the test if it does not compile or does not end well. */
    String run(Path classes) throws IOException, InterruptedException {
        final String classPath = System.getProperty("java.class.path");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), "-cp", classPath, file().toString()))
                .isZero();
        final Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-ea",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes + System.getProperty("path.separator") + classPath,
                        name)
                .redirectErrorStream(true)
                .start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
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
        return Path.of("docs", name + ".java");
    }
}
