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
        assertRefused(
                "[metrics]\n", "r1.toml:5: [metrics]: needs listen or counters; write listen = \"127.0.0.1:9100\"");
    }

    @Test
    void theFolderOfTheCountersIsRelativeToTheFile() throws IOException {
        assertThat(read("[metrics]\ncounters = \"r1.counters\""))
                .contains(new MetricsEntry(Optional.empty(), Optional.of(folder.resolve("r1.counters"))));
        Files.writeString(folder.resolve("a-file"), "");
        assertRefused("[metrics]\ncounters = \"a-file\"", "[metrics] counters=a-file: is a file, not a folder");
        assertRefused("[metrics]\ncounters = \"\"", "[metrics] counters: must not be empty");
    }

    @Test
    void metricsStayOnLoopbackUnlessTheFileSaysOtherwise() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("[metrics]\nlisten = \"127.0.0.1:9100\"")).isPresent();
        assertThat(read("[metrics]\nlisten = \"[::1]:0\"")).isPresent();
        assertRefused("[metrics]\nlisten = \"0.0.0.0:9100\"", "is not on loopback");
        assertRefused(
                "[metrics]\nlisten = \"192.0.2.1:9100\"\nbeyond-loopback = false",
                "[metrics] listen=192.0.2.1:9100: is not on loopback");
        assertThat(read("[metrics]\nlisten = \"192.0.2.1:9100\"\nbeyond-loopback = true"))
                .isPresent();
        assertRefused(
                "[metrics]\nlisten = \"127.0.0.1:1\"\nbeyond-loopback = \"no\"",
                "[metrics] beyond-loopback=no: must be true or false");
        assertRefused(
                "[metrics]\nlisten = \"127.0.0.1:1\"\npath = \"/\"",
                "[metrics] path: unknown key; keys: listen, counters, beyond-loopback");
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
