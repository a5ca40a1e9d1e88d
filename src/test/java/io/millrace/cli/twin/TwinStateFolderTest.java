package io.millrace.cli.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store whose folder {@code state} keeps the document's state in maps. */
class TwinStateFolderTest {
    @TempDir
    private Path folder;

    @Test
    void applyGoesOnFromTheStateAndAgreesWithTheReplayedLog() throws Exception {
        final String key = folder.resolve("alice.key").toString();
        final Path actors = folder.resolve("actors.toml");
        final String printed = ProgramRun.of("keygen", key).out();
        Files.writeString(actors, printed.substring(printed.indexOf("[[actor]]"), printed.indexOf("For the conf")));
        final Path store = folder.resolve("store");
        apply(store, key, actors, "set", "k", "first", "increment", "n", "2", "add", "s", "x");
        assertThat(store.resolve("state")).doesNotExist();

        Files.createDirectories(store.resolve("state"));
        apply(store, key, actors, "increment", "n", "3", "add", "s", "y");
        assertThat(store.resolve("state/head")).isRegularFile();
        final JsonNode applied = apply(store, key, actors, "set", "k", "second", "remove", "s", "x");
        final JsonNode shown =
                ProgramRun.of("twin", "show", store.toString(), "--json").json();
        assertThat(applied.path("digest").asText())
                .isEqualTo(shown.path("digest").asText());
        assertThat(shown.path("counters").path("n").asInt()).isEqualTo(5);

        // A state that lost its checkpoints is built anew.
        try (RandomAccessFile head =
                new RandomAccessFile(store.resolve("state/head").toFile(), "rw")) {
            head.setLength(0);
        }
        final JsonNode again = apply(store, key, actors, "increment", "n", "1");
        assertThat(again.path("digest").asText())
                .isEqualTo(ProgramRun.of("twin", "show", store.toString(), "--json")
                        .json()
                        .path("digest")
                        .asText());
    }

    private static JsonNode apply(Path store, String key, Path actors, String... words) throws Exception {
        final String[] line = new String[7 + words.length];
        System.arraycopy(
                new String[] {"twin", "apply", store.toString(), "--key", key, "--actors", actors.toString()},
                0,
                line,
                0,
                7);
        System.arraycopy(words, 0, line, 7, words.length);
        final String[] json = java.util.Arrays.copyOf(line, line.length + 1);
        json[line.length] = "--json";
        final ProgramRun run = ProgramRun.of(json);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.json();
    }
}
