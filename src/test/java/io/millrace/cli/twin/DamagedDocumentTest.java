package io.millrace.cli.twin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ProgramRun;
import io.millrace.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents that are cut, or of which a bit is another: refused in one line that names the file, by each command. */
@Timeout(300)
class DamagedDocumentTest {
    private static final int FLIPS = 80;

    /** Another: {@code -Dmillrace.twin.seed}. */
    private static final long SEED = Long.getLong("millrace.twin.seed", 20_261_130);

    @TempDir
    private Path folder;

    private Path damaged;
    private String actors;
    private byte[] sound;

    @BeforeEach
    void makeDocument() throws IOException {
        final String key = folder.resolve("r1.key").toString();
        final Path document = folder.resolve("sound.cbor");
        damaged = folder.resolve("damaged.cbor");
        actors = folder.resolve("actors.toml").toString();
        assertThat(ProgramRun.of("keygen", key).exitCode()).isZero();
        final String actor = ProgramRun.of("keygen", "--json", "--show", key)
                .json()
                .path("actorKey")
                .asText();
        Files.writeString(Path.of(actors), "[[actor]]\nname = \"r1\"\npublic-key = \"" + actor + "\"\n");
        for (List<String> operation : List.of(List.of("set", "a", "b"), List.of("increment", "n", "1"))) {
            assertThat(ProgramRun.of(
                                    "twin",
                                    "apply",
                                    document.toString(),
                                    "--key",
                                    key,
                                    "--actors",
                                    actors,
                                    operation.get(0),
                                    operation.get(1),
                                    operation.get(2))
                            .exitCode())
                    .isZero();
        }
        sound = Files.readAllBytes(document);
    }

    @Test
    void aFlippedBitIsRefusedByName() throws IOException {
        final Random random = new Random(SEED);
        for (int i = 0; i < FLIPS; i++) {
            final byte[] flipped = sound.clone();
            final int at = random.nextInt(flipped.length);
            flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            assertRefused(flipped, "seed " + SEED + ", byte " + at + " is " + flipped[at]);
        }
    }

    @Test
    void aCutDocumentIsRefusedByName() throws IOException {
        for (int length = 1; length < sound.length; length += 7) {
            assertRefused(Arrays.copyOf(sound, length), "cut at " + length);
        }
    }

    private void assertRefused(byte[] content, String what) throws IOException {
        Files.write(damaged, content);
        final String file = damaged.toString();
        for (List<String> command : List.of(
                List.of("twin", "show", file),
                List.of("twin", "verify", file, "--actors", actors),
                List.of("twin", "compact", file, folder.resolve("less.cbor").toString(), "--actors", actors))) {
            final ProgramRun run = ProgramRun.of(command.toArray(String[]::new));
            assertThat(run.exitCode())
                    .as("%s, %s: %s", what, command, run.err())
                    .isIn(ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE);
            if (run.exitCode() == ExitCode.USAGE) {
                assertThat(run.err())
                        .as("%s, %s", what, command)
                        .contains("damaged.cbor")
                        .hasLineCount(1);
            } else {
                assertThat(run.err()).as("%s, %s", what, command).doesNotContain("fault of the program");
            }
            Files.deleteIfExists(folder.resolve("less.cbor"));
        }
    }
}
