package io.millrace.node.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.text.ConfigException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bytes read of a file of secrets are zero afterwards, and no secret stays open, whatever the file holds. */
class SecretContentTest {
    private static final Path FILE = Path.of("some.key");
    private static final String DIGITS = "0123456789abcdef".repeat(4);

    private final long openBefore = SecretKey.liveCount();

    @AfterEach
    void nothingStaysOpen() {
        assertThat(SecretKey.liveCount()).as("open secret keys").isEqualTo(openBefore);
    }

    @Test
    void theContentOfAKeyFileIsZeroAfterwards() {
        final byte[] content = ascii("sphinx-secret = \"" + DIGITS + "\"\nsigning-seed = \"" + DIGITS + "\"\n");
        try (KeyFile keys = KeyFile.of(FILE, content)) {
            assertThat(content).containsOnly(0);
            assertThat(keys.rootSeed().length()).isEqualTo(SecretKey.LENGTH);
        }
    }

    @Test
    void theContentOfABrokenKeyFileIsZeroAfterwards() {
        for (String broken : new String[] {
            "sphinx-secret = \"" + DIGITS + "\"\n",
            "signing-seed = \"" + DIGITS + "\"\n",
            "sphinx-secret = \"" + DIGITS + "\"\nsigning-seed = \"" + DIGITS.substring(1) + "\"\n",
            "sphinx-secret = \"" + DIGITS + "\"\nsigning-seed = \"" + DIGITS + "\"\nsigning-seed = \"" + DIGITS + "\"\n"
        }) {
            final byte[] content = ascii(broken);
            assertThatThrownBy(() -> KeyFile.of(FILE, content)).isInstanceOf(ConfigException.class);
            assertThat(content).as(broken).containsOnly(0);
        }
    }

    @Test
    void theContentOfAPskFileIsZeroAfterwards() {
        final byte[] content = ascii(DIGITS + "\n");
        try (SecretKey key = PskFile.of(FILE, content)) {
            assertThat(content).containsOnly(0);
            assertThat(key.length()).isEqualTo(SecretKey.LENGTH);
        }
        final byte[] broken = ascii(DIGITS + "0\n");
        assertThatThrownBy(() -> PskFile.of(FILE, broken)).isInstanceOf(ConfigException.class);
        assertThat(broken).containsOnly(0);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
