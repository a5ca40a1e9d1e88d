package io.millrace.cli.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.directory.DelayDisclosure;
import io.millrace.directory.DisclosureLog;
import io.millrace.directory.FolderPublisher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relay whose keys change every two seconds, killed at random moments under load: before, within and after rolls. It
 * accepts nothing twice, and discloses each epoch once, without a gap, after its secrets are gone. Ten rounds; a hundred
 * with {@code mvn -Pnight verify}.
 */
class KilledAcrossRollsTest {
    private static final int ROUNDS = Integer.getInteger("millrace.kill.rounds", 10);
    private static final int LARGEST_LOAD = 200;
    private static final int LARGEST_REPEATS = 6;

    @TempDir
    private Path folder;

    @Test
    void nothingIsAcceptedTwiceAndEveryEpochIsDisclosed() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("KilledAcrossRollsTest seed " + seed + ", rounds " + ROUNDS);
        final Random random = new Random(seed);
        try (RelayUnderFire fire = new RelayUnderFire(
                folder,
                "provider = \"sodium\"\nthreading = \"shared\"\nreplay-tags = 100000\njournal = \"state\"",
                "length = \"2s\"\noverlap = \"500ms\"",
                (ROUNDS + 1) * 4 * LARGEST_REPEATS * LARGEST_LOAD,
                false)) {
            for (int round = 0; round < ROUNDS; round++) {
                fire.start();
                final int repeats = 1 + random.nextInt(LARGEST_REPEATS);
                for (int i = 0; i < repeats; i++) {
                    fire.load(1 + random.nextInt(LARGEST_LOAD));
                    fire.sendAcknowledgedAgain();
                }
                fire.kill();

                assertThat(fire.repeatedCount()).as("round %d", round).isZero();
            }
            fire.start();
            fire.sendAcknowledgedAgain();
            fire.load(1);
            final JsonNode report = new ProgramRun(0, fire.stop(), "").json();

            assertThat(fire.repeatedCount()).isZero();
            assertThat(report.get("conserved").asBoolean()).isTrue();
            assertThat(report.get("dropped").fieldNames())
                    .toIterable()
                    .isSubsetOf("replay", "epoch-over", "shutdown", "old-counter", "bad-frame");
            checkDisclosures(fire);
        }
    }

    private void checkDisclosures(RelayUnderFire fire) throws Exception {
        final FolderPublisher published = FolderPublisher.reader(folder.resolve("relay.public"));
        final DisclosureLog log = new DisclosureLog(fire.descriptor(), 100_000);
        for (long epoch : published.epochs()) {
            log.add(DelayDisclosure.decode(
                    published.disclosure(epoch).orElseThrow(), fire.descriptor().identity()));
            assertThat(folder.resolve("relay.epochs/" + epoch + ".key")).doesNotExist();
            try (Stream<Path> journals = Files.list(folder.resolve("state"))) {
                assertThat(journals.map(file -> file.getFileName().toString()))
                        .noneMatch(name -> name.contains("-" + epoch + "."));
            }
        }
        assertThat(log.size()).as("epochs disclosed").isGreaterThan(ROUNDS / 2);
    }
}
