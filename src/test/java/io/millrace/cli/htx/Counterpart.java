package io.millrace.cli.htx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Another implementation of Noise, as a separate program: its requirements, and how to run it. */
enum Counterpart {
    /** Debian's python3-dissononce. */
    DISSONONCE("python3-dissononce", "dissononce_peer.py") {
        @Override
        List<String> build(Path source, Path folder) throws IOException, InterruptedException {
            final List<String> python = List.of("/usr/bin/python3", "-c", "import dissononce");
            return succeeds(python, folder) ? List.of("/usr/bin/python3", source.toString()) : null;
        }
    },

    /** Debian's golang-github-flynn-noise-dev and golang-go. */
    FLYNN("golang-github-flynn-noise-dev and golang-go", "flynn_peer.go") {
        @Override
        List<String> build(Path source, Path folder) throws IOException, InterruptedException {
            final Path program = folder.resolve("flynn_peer");
            if (!Files.isDirectory(Path.of("/usr/share/gocode/src/github.com/flynn/noise"))) {
                return null;
            }
            return succeeds(List.of("go", "build", "-o", program.toString(), source.toString()), folder)
                    ? List.of(program.toString())
                    : null;
        }
    };

    private final String packages;
    private final String source;

    Counterpart(String packages, String source) {
        this.packages = packages;
        this.source = source;
    }

    /** The packages that provide it. */
    String packages() {
        return packages;
    }

    /** The command that runs it, before its arguments; null if its packages are not here. */
    List<String> command(Path folder) {
        final Path file = folder.resolve(source);
        try (var in = Objects.requireNonNull(Counterpart.class.getResourceAsStream(source), source)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return build(file, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    abstract List<String> build(Path source, Path folder) throws IOException, InterruptedException;

    private static boolean succeeds(List<String> command, Path folder) throws InterruptedException {
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "GOPATH", "/usr/share/gocode",
                        "GO111MODULE", "off",
                        "GOCACHE", folder.resolve("cache").toString()));
        try {
            return builder.redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }
}
