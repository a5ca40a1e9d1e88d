package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.crypto.Sodium;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Choosing by name. */
class CryptoProvidersTest {
    @Test
    void givesTheProviderOfThatName() {
        assertThat(CryptoProviders.byName("sodium").name()).isEqualTo("sodium");
        assertThat(CryptoProviders.byName("auto")).isNotNull();
    }

    @Test
    void namesTheChoicesForAnUnknownName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CryptoProviders.byName("openssl"))
                .withMessageContainingAll("auto", "lanes", "sodium", "provider=openssl");
    }

    @Test
    void tellsWhichLibsodiumIsInUse() {
        assertThat(Sodium.version()).isEqualTo("1.0.20");
        assertThat(Sodium.origin()).startsWith("embedded lazysodium-java 5.2.0 (sha256 ");
    }

    @Test
    void doesNotChangeTheLibraryOnceItIsInUse() {
        Sodium.require();

        assertThatIllegalStateException().isThrownBy(() -> Sodium.load(Path.of("libsodium.so")));
    }
}
