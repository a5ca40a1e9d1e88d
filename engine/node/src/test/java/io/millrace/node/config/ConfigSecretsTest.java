package io.millrace.node.config;

import static io.millrace.node.config.RelayText.AB_32;
import static io.millrace.node.config.RelayText.PSK;
import static io.millrace.node.config.RelayText.RELAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.test.OwnerFile;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets in files: no message shows one, and none may be readable by others. */
class ConfigSecretsTest {
    @TempDir
    private Path folder;

    @Test
    void refusesAPskInTwoPlaces() throws IOException {
        final Path file = write(RELAY.replace("psk-file", "psk = \"" + PSK + "\"\npsk-file"));

        assertThatThrownBy(() -> ConfigFile.relay(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("[[peer]] psk-file=r3.psk: give psk or psk-file, not both");
    }

    @Test
    void noRefusalShowsASecret() throws IOException {
        final String wrong = PSK.replace("ef", "xy");
        OwnerFile.write(folder.resolve("r3.psk"), wrong);
        final Path valid = write(RELAY);
        assertThatThrownBy(() -> ConfigFile.relay(valid))
                .hasMessageEndingWith("r3.psk: must hold 32 bytes in hex")
                .hasNoCause();

        final Path inline = write(RELAY.replace(PSK, wrong));
        assertThatThrownBy(() -> ConfigFile.relay(inline))
                .hasMessageEndingWith("[[peer]] psk: must be 32 bytes in hex")
                .hasNoCause();

        final Path unquoted = write(RELAY.replace('"' + PSK + '"', PSK));
        assertThatThrownBy(() -> ConfigFile.relay(unquoted))
                .isInstanceOf(ConfigException.class)
                .hasNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(PSK.substring(0, 8)));

        OwnerFile.write(folder.resolve("r3.psk"), PSK);
        assertThat(ConfigFile.relay(write(RELAY)).toString()).contains("hidden").doesNotContain(PSK);
    }

    @Test
    void refusesASecretThatOthersCanRead() throws IOException {
        final Path psk = OwnerFile.write(folder.resolve("r3.psk"), PSK);
        final Path file = write(RELAY);
        ConfigFile.relay(file);
        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw-----w-"}) {
            for (Path open : new Path[] {psk, file}) {
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
                assertThatThrownBy(() -> ConfigFile.relay(file))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageEndingWith("mend it with chmod 600: " + open);
                Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-------"));
            }
        }

        final String linkKey = "link-key = \"" + AB_32 + "\"";
        final Path without = write(RELAY.replaceFirst("psk = .*", linkKey).replaceFirst("psk-file.*", linkKey));
        Files.setPosixFilePermissions(without, PosixFilePermissions.fromString("rw-r--r--"));
        ConfigFile.relay(without); // holds no secret
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slots = 4096 | slots = 64;batch = 17",
                "tick = \"100us\" | receipts = \"r\";receipts-period = \"1h\"",
                "name = \"r3\" | name = \"r2\"",
                "[::1]:9003 | 9003",
                "[engine] | [epochs];length = \"1s\";overlap = \"250ms\";[engine];wheel-slack = \"2s\"",
            })
    void aRefusedFileLeavesNoSecretInMemory(String replaced, String by) throws IOException {
        OwnerFile.write(folder.resolve("r3.psk"), PSK);
        final Path file = write(
                RELAY.replace("exponential(1ms,10ms)", "uniform(0s,2s)").replace(replaced, by.replace(';', '\n')));
        final long before = SecretKey.liveCount();

        assertThatThrownBy(() -> ConfigFile.relay(file)).isInstanceOf(ConfigException.class);

        assertThat(SecretKey.liveCount()).isEqualTo(before);
    }

    @Test
    void aRefusedFileOfAClientLeavesNoSecretInMemory() throws IOException {
        final Path file = write("""
                [client]
                name = "alice"
                listen = "127.0.0.1:0"
                key = "alice.key"
                [[peer]]
                name = "r1"
                public-key = "%s"
                address = "127.0.0.1:1"
                psk = "%s"
                [[node]]
                name = "r1"
                public-key = "%s"
                """.formatted(AB_32, PSK, "cd".repeat(32)));
        final long before = SecretKey.liveCount();

        assertThatThrownBy(() -> ConfigFile.client(file)).hasMessageContaining("the same as of peer r1");

        assertThat(SecretKey.liveCount()).isEqualTo(before);
    }

    private Path write(String content) throws IOException {
        return RelayText.write(folder, content);
    }
}
