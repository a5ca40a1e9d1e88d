package io.millrace.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.text.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section {@code [metrics]} of a relay's file. */
class MetricsEntryTest {
    @TempDir
    private Path folder;

    @Test
    void aRelayServesAndKeepsNothingUnlessItsFileSaysSo() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("[metrics]\nlisten = \"127.0.0.1:9100\""))
                .contains(new MetricsEntry(
                        Optional.of(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9100)),
                        Optional.empty()));
        assertRefused("[metrics]\n", "r1.toml:5: missing, and counters too; one of them is needed: metrics.listen");
    }

    @Test
    void theFolderOfTheCountersIsRelativeToTheFile() throws IOException {
        assertThat(read("[metrics]\ncounters = \"r1.counters\""))
                .contains(new MetricsEntry(Optional.empty(), Optional.of(folder.resolve("r1.counters"))));
        Files.writeString(folder.resolve("a-file"), "");
        assertRefused("[metrics]\ncounters = \"a-file\"", "is a file, not a folder: metrics.counters=a-file");
        assertRefused("[metrics]\ncounters = \"\"", "must not be empty: metrics.counters");
    }

    private Optional<MetricsEntry> read(String section) throws IOException {
        final Path file = folder.resolve("r1.toml");
        Files.writeString(file, "[relay]\nname = \"r1\"\nlisten = \"127.0.0.1:0\"\nkey = \"r1.key\"\n" + section);
        return ConfigFile.relay(file).metrics();
    }

    private void assertRefused(String section, String message) {
        assertThatThrownBy(() -> read(section))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
