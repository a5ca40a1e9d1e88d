package io.millrace.cli.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example in {@code src/docs} compiles, runs in a process of its own, and is as short as it claims. */
class EmbeddingExampleTest {
    private static final Path EXAMPLE = Path.of("docs", "EmbeddingExample.java");
    private static final int MAX_LINES = 30;

    @TempDir
    private Path classes;

    @Test
    void relaysItsPackets() throws IOException, InterruptedException {
        final String classPath = System.getProperty("java.class.path");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), "-cp", classPath, EXAMPLE.toString()))
                .isZero();

        final Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-ea",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes + System.getProperty("path.separator") + classPath,
                        "EmbeddingExample")
                .redirectErrorStream(true)
                .start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("forwarded=500, delivered=500, dropped={}, inFlight=0] conserved=true");
    }

    @Test
    void usesTheEngineInUnderThirtyLines() throws IOException {
        final List<String> lines = Files.readAllLines(EXAMPLE);
        final int from = lines.indexOf(lines.stream()
                .filter(line -> line.contains("static void relay("))
                .findFirst()
                .orElseThrow());
        final int to = lines.subList(from, lines.size()).indexOf("    }") + 1;

        assertThat(to).isLessThan(MAX_LINES);
    }
}
