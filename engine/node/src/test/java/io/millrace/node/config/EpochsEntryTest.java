package io.millrace.node.config;

import static io.millrace.node.config.RelayText.AB_32;
import static io.millrace.node.config.RelayText.HEAD;
import static io.millrace.node.config.RelayText.RELAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.test.OwnerFile;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table {@code [epochs]} of a relay's file. */
class EpochsEntryTest {
    @TempDir
    private Path folder;

    @Test
    void aRelayWithoutASectionEpochsRollsUnlessAllItsPeersAreNamedByTheirKeys() throws IOException {
        OwnerFile.write(folder.resolve("r3.psk"), "ff".repeat(32) + "\n");
        final int firstPeer = RELAY.indexOf("[[peer]]");
        final String head = RELAY.substring(0, firstPeer);
        final String byId = RELAY.substring(firstPeer, RELAY.indexOf("[[peer]]", firstPeer + 1));
        final String byKey = RELAY.substring(RELAY.indexOf("[[peer]]", firstPeer + 1));
        final String byIdentity =
                byKey.replaceFirst("public-key.*", "identity = \"" + AB_32 + "\"\ndescriptor = \"d\"");

        assertRolls(head, true, "no peer");
        assertRolls(head + byIdentity, true, "one by identity");
        assertRolls(head + byId + byIdentity, true, "one of two by identity");
        assertRolls(head + byKey, false, "one by key");
        assertRolls(head + byId, false, "one by id");
        assertRolls(RELAY, false, "all by key and id");
        for (String peers : new String[] {"", byKey, byId + byIdentity}) {
            for (boolean roll : new boolean[] {true, false}) {
                final EpochsEntry epochs = ConfigFile.relay(write(head + "[epochs]\nroll = " + roll + "\n\n" + peers))
                        .epochs();
                assertThat(epochs.roll()).as("as written: %s", peers).isEqualTo(roll);
                assertThat(epochs.keepsKeyUnasked()).isFalse();
            }
            assertThat(ConfigFile.relay(write(head + "[epochs]\n\n" + peers))
                            .epochs()
                            .roll())
                    .as("an empty section: %s", peers)
                    .isTrue();
        }
    }

    private void assertRolls(String file, boolean roll, String which) throws IOException {
        final EpochsEntry epochs = ConfigFile.relay(write(file)).epochs();
        assertThat(epochs.roll()).as(which).isEqualTo(roll);
        assertThat(epochs.keepsKeyUnasked()).as(which).isEqualTo(!roll);
    }

    @Test
    void aRelayRollsUnlessItsFileSaysOtherwise() throws IOException {
        assertThat(ConfigFile.relay(write(HEAD)).epochs())
                .isEqualTo(new EpochsEntry(
                        false,
                        true,
                        Duration.ofMinutes(20),
                        Duration.ofMinutes(2),
                        folder.resolve("r1.epochs"),
                        folder.resolve("r1.public"),
                        Optional.empty()));
        assertThat(ConfigFile.relay(write(HEAD + """
            [epochs]
            length = "30s"
            keys = "/run/r1"
            publish = "www"
            listen = "127.0.0.1:0"
            """)).epochs()).satisfies(epochs -> {
            assertThat(epochs.roll()).isTrue();
            assertThat(epochs.length()).isEqualTo(Duration.ofSeconds(30));
            assertThat(epochs.overlap()).as("a quarter").isEqualTo(Duration.ofMillis(7_500));
            assertThat(epochs.keys()).isEqualTo(Path.of("/run/r1"));
            assertThat(epochs.publish()).isEqualTo(folder.resolve("www"));
            assertThat(epochs.listen()).contains(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        });
        assertThat(ConfigFile.relay(write(HEAD + "[epochs]\nlength = \"2h\"\noverlap = \"3min\""))
                        .epochs())
                .satisfies(epochs -> {
                    assertThat(epochs.length()).isEqualTo(Duration.ofHours(2));
                    assertThat(epochs.overlap()).isEqualTo(Duration.ofMinutes(3));
                });
        assertThat(ConfigFile.relay(write(HEAD + "[epochs]\nroll = false"))
                        .epochs()
                        .roll())
                .isFalse();
        assertRefused(HEAD + "[epochs]\nlength = \"999ms\"", "[epochs] length=999ms: must be 1s to 24h");
        assertRefused(HEAD + "[epochs]\nlength = \"25h\"", "[epochs] length=25h: must be 1s to 24h");
        assertRefused(
                HEAD + "[epochs]\nlength = \"1000001us\"",
                "[epochs] length=1000001us: must be 1s to 24h, whole milliseconds");
        assertRefused(
                HEAD + "[epochs]\nlength = \"8s\"\noverlap = \"2001ms\"",
                "[epochs] overlap=2001ms, length=8s: overlap must be at most a quarter of length, 2s");
        assertRefused(
                HEAD + "[epochs]\noverlap = \"0s\"", "[epochs] overlap=0s: must be 1ms to 6h, whole milliseconds");
        assertRefused(
                HEAD.replace("exponential(1ms,10ms)", "uniform(0ns,1s)")
                        + "[epochs]\nlength = \"1s\"\noverlap = \"250ms\"",
                "relay.toml:17: [epochs] length=1s, overlap=250ms: length must be 2500ms or more: twice");
        assertRefused(HEAD + "[epochs]\nlisten = \"0.0.0.0:80\"", "is not on loopback");
        assertRefused(HEAD + "[epochs]\nlifetime = \"1s\"", "[epochs] lifetime: unknown key");
    }

    @Test
    void theShortestLengthFitsTheDelayAndOneSecondLessDoesNot() {
        for (final int delayMs : new int[] {1, 250, 251, 2_500, 4_000, 119_999, 120_000, 120_001, 3_600_000}) {
            final long shortest =
                    EpochsEntry.shortestLength(Duration.ofMillis(delayMs)).toSeconds();
            assertThat(fits(shortest, delayMs)).as("delay of %d ms", delayMs).isTrue();
            assertThat(shortest > 1 && fits(shortest - 1, delayMs))
                    .as("delay of %d ms", delayMs)
                    .isFalse();
        }
    }

    private static boolean fits(long seconds, int delayMs) {
        final Duration length = Duration.ofSeconds(seconds);
        final EpochSchedule schedule = new EpochSchedule(
                0, length.toMillis(), EpochsEntry.defaultOverlap(length).toMillis());
        try {
            schedule.requireFor(1_000_000L * delayMs);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void assertRefused(String content, String message) {
        assertThatThrownBy(() -> ConfigFile.relay(write(content)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private Path write(String content) throws IOException {
        return RelayText.write(folder, content);
    }
}
