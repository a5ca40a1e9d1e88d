package io.millrace.node.config;

import static io.millrace.node.config.RelayText.AB_32;
import static io.millrace.node.config.RelayText.PSK;
import static io.millrace.node.config.RelayText.RELAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.test.OwnerFile;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private Path write(String content) throws IOException {
        return RelayText.write(folder, content);
    }
}
