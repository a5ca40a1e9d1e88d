package io.millrace.cli.twin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two authors, their keys and a folder, for the commands end to end. */
abstract class TwinFixture {
    @TempDir
    Path folder;

    String alice;
    String bob;
    String actors;

    @BeforeEach
    void makeKeys() throws IOException {
        alice = path("alice.key");
        bob = path("bob.key");
        actors = path("actors.toml");
        Files.writeString(folder.resolve("actors.toml"), entry("alice", alice) + entry("bob", bob));
    }

    String[] with(String registry, String... more) {
        final List<String> args =
                new ArrayList<>(List.of("twin", "apply", path("a"), "--key", alice, "--actors", registry));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    ProgramRun apply(String store, String key, String... more) {
        final List<String> args =
                new ArrayList<>(List.of("twin", "apply", path(store), "--key", key, "--actors", actors, "--json"));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    ProgramRun sync(String a, String b) {
        return run("twin", "sync", path(a), path(b), "--actors", actors, "--json");
    }

    ProgramRun verify(String store) {
        return run("twin", "verify", path(store), "--actors", actors, "--json");
    }

    static ProgramRun run(String... args) {
        return ProgramRun.of(args);
    }

    String entry(String name, String key) {
        final String printed = run("keygen", key).out();
        final int start = printed.indexOf("[[actor]]");
        final String entry = printed.substring(start, printed.indexOf("\n\n", start) + 2);
        assertThat(entry).contains("name = \"" + name);
        return entry;
    }

    String path(String name) {
        return folder.resolve(name).toString();
    }

    static Path only(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList().getFirst();
        }
    }

    static void assertUsage(String why, String... args) {
        final ProgramRun run = run(args);
        assertThat(run.exitCode()).as(why).isEqualTo(2);
        assertThat(run.out()).as(why).isEmpty();
        assertThat(run.err()).contains(why).hasLineCount(1);
    }
}
