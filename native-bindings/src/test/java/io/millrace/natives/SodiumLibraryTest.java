package io.millrace.natives;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.FunctionDescriptor;
import org.junit.jupiter.api.Test;

/** Foundations of the binding classes. */
class SodiumLibraryTest {
    @Test
    void tellsVersionAndOrigin() {
        assertThat(SodiumLibrary.version()).isEqualTo("1.0.20");
        assertThat(SodiumLibrary.origin()).startsWith("embedded lazysodium-java 5.2.0 (sha256 ");
    }

    @Test
    void bindsOnlyFunctionsWhosePresenceWasCheckedWhenLoading() {
        assertThatThrownBy(() -> SodiumLibrary.function("randombytes_random", FunctionDescriptor.of(JAVA_INT)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("randombytes_random");
    }

    @Test
    void refusesASizeThatDiffersFromTheLibrarys() {
        SodiumLibrary.requireSize("crypto_scalarmult_curve25519_bytes", 32);

        assertThatThrownBy(() -> SodiumLibrary.requireSize("crypto_scalarmult_curve25519_bytes", 33))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected=33, actual=32");
    }
}
