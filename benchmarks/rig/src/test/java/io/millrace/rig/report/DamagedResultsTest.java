package io.millrace.rig.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.rig.input.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept results that are cut, or of which one bit is another: read, or refused by name. */
class DamagedResultsTest {
    private static final int FLIPS = 150;

    @TempDir
    private Path results;

    @BeforeEach
    void copy() throws Exception {
        ResultsFixture.copy(results);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bench-auto-shared.json", "jmh.json", "matrix.json", "knee/knee.json", "knee-tcp/knee.json"})
    void cutJsonIsRefusedByName(String name) throws Exception {
        final Path file = results.resolve(ResultsFixture.NEWER).resolve(name);
        final byte[] sound = Files.readAllBytes(file);
        final int whole =
                new String(sound, StandardCharsets.UTF_8).stripTrailing().getBytes(StandardCharsets.UTF_8).length;
        for (int length = 0; length < whole; length++) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertThatThrownBy(this::report)
                    .as("cut at " + length)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "index.jsonl",
                ResultsFixture.NEWER + "/bench-auto-shared.json",
                ResultsFixture.NEWER + "/jmh.json",
                ResultsFixture.NEWER + "/matrix.json",
                ResultsFixture.NEWER + "/knee/knee.json",
                ResultsFixture.NEWER + "/knee/relay-95.hgrm",
                ResultsFixture.NEWER + "/environment.txt",
                ResultsFixture.NEWER + "/commands.txt"
            })
    void aFlippedBitIsReadOrRefusedByName(String name) throws Exception {
        final Path file = results.resolve(name);
        final byte[] sound = Files.readAllBytes(file);
        final long seed = new Random().nextLong();
        final Random random = new Random(seed);
        for (int i = 0; i < FLIPS; i++) {
            final byte[] flipped = sound.clone();
            final int at = random.nextInt(flipped.length);
            flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            Files.write(file, flipped);
            final String what = "seed " + seed + ", byte " + at + " is " + flipped[at];
            try {
                report();
            } catch (InputException | IOException e) {
                assertThat(e.getMessage()).as(what).contains(file.toString());
            } catch (RuntimeException e) {
                fail(what, e);
            }
        }
    }

    private void report() throws Exception {
        final Report report = Report.of(KeptRuns.read(results));
        assertThat(MarkdownReport.of(report)).isNotEmpty();
        assertThat(HtmlReport.of(report)).isNotEmpty();
    }
}
