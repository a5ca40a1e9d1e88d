package io.millrace.cli.kill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.ProgramRun;
import io.millrace.store.CommitPolicy;
import io.millrace.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A relay that is killed at a random moment under load forgets no packet that it forwarded. Ten rounds; a hundred with
 * {@code mvn -Pnight verify}.
 */
class KilledRelayTest {
    private static final int ROUNDS = Integer.getInteger("millrace.kill.rounds", 10);
    private static final int LARGEST_LOAD = 200;

    @TempDir
    private Path folder;

    @Test
    void noPacketThatWasForwardedIsAcceptedAfterAKill() throws Exception {
        final long seed = System.nanoTime();
        System.out.println("KilledRelayTest seed " + seed + ", rounds " + ROUNDS);
        final Random random = new Random(seed);
        try (RelayUnderFire fire = new RelayUnderFire(
                folder,
                "provider = \"sodium\"\nthreading = \"shared\"\njournal = \"state\"",
                (ROUNDS + 1) * 4 * LARGEST_LOAD)) {
            for (int round = 0; round < ROUNDS; round++) {
                fire.start();
                fire.sendAcknowledgedAgain();
                fire.load(1 + random.nextInt(LARGEST_LOAD));
                fire.kill();

                assertThat(fire.repeatedCount()).as("round %d", round).isZero();
                assertThat(journalledTags(fire)).as("round %d", round).isGreaterThanOrEqualTo(fire.acknowledgedCount());
            }
            fire.start();
            fire.sendAcknowledgedAgain();
            fire.load(1);
            final JsonNode report = new ProgramRun(0, fire.stop(), "").json();

            assertThat(fire.repeatedCount()).isZero();
            assertThat(report.get("dropped").get("replay").asInt()).isPositive();
            assertThat(report.get("dropped").has("journal-failed")).isFalse();
            assertThat(report.get("conserved").asBoolean()).isTrue();
        }
    }

    /** Records of the dead relay, all of it whole and nothing twice. */
    private int journalledTags(RelayUnderFire fire) throws IOException {
        final Set<Tag> tags = new HashSet<>();
        try (Store store = Store.open(folder.resolve("state"), CommitPolicy.DEFAULT)) {
            assertThat(store.wasMended())
                    .as("the relay had no chance to close it")
                    .isTrue();
            fire.journal(store).forEach((count, lows, highs) -> {
                for (int i = 0; i < count; i++) {
                    assertThat(tags.add(new Tag(lows[i], highs[i]))).isTrue();
                }
            });
        }
        return tags.size();
    }

    private record Tag(long low, long high) {}
}
