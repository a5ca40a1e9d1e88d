package io.millrace.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.crypto.Sodium;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                .withMessage(
                        "crypto provider must be one of auto, lanes, lanes:avx2, lanes:avx512, lanes:ifma, lanes:neon, sodium:"
                                + " provider=openssl");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lanes-avx2", "lanes:", "lanes:AVX2", "lanes:sse2", "avx2"})
    void refusesWhatOnlyLooksLikeALevel(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CryptoProviders.byName(name))
                .withMessageEndingWith("provider=" + name);
    }

    @Test
    void saysWhichKernelsItRuns() {
        assertThat(CryptoProviders.byName("sodium").kernels()).isEqualTo("libsodium");
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
