package io.millrace.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.test.SeededRandomness;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** A secret is where it should be and nowhere else. */
class SecretKeyTest {
    @Test
    void holdsWhatTheRandomnessGave() {
        try (SecretKey a = SecretKey.generate(new SeededRandomness(1));
                SecretKey b = SecretKey.generate(new SeededRandomness(1));
                SecretKey c = SecretKey.generate(new SeededRandomness(2))) {
            assertThat(a.length()).isEqualTo(32);
            assertThat(ConstantTime.equal(a.segment(), b.segment())).isTrue();
            assertThat(ConstantTime.equal(a.segment(), c.segment())).isFalse();
            assertThat(a.segment().byteSize()).isEqualTo(SecretKey.LENGTH);
        }
    }

    @Test
    void copiesAndLeavesTheSourceAlone() {
        final byte[] source = {1, 2, 3};

        try (SecretKey key = SecretKey.copyOf(MemorySegment.ofArray(source))) {
            assertThat(Bytes.hex(key.segment())).isEqualTo("010203");
        }
        assertThat(source).containsExactly(1, 2, 3);
    }

    @Test
    void takesAndWipesTheSource() {
        final byte[] source = {1, 2, 3};

        try (SecretKey key = SecretKey.takeFrom(source)) {
            assertThat(Bytes.hex(key.segment())).isEqualTo("010203");
        }
        assertThat(source).containsExactly(0, 0, 0);
    }

    @Test
    void tellsNothingOfItsContents() {
        try (SecretKey key = SecretKey.takeFrom(new byte[] {0x5a, 0x5a, 0x5a})) {
            assertThat(key).hasToString("SecretKey[length=3]");
        }
    }

    @Test
    void isGoneOnceClosed() {
        final SecretKey key = SecretKey.generate(new SeededRandomness(1));
        final MemorySegment segment = key.segment();

        key.close();
        key.close();

        assertThatIllegalStateException().isThrownBy(key::segment);
        assertThatIllegalStateException().isThrownBy(() -> segment.get(JAVA_BYTE, 0));
        assertThat(key).hasToString("SecretKey[length=32]");
    }

    @Test
    void cannotBeEmpty() {
        assertThatIllegalArgumentException().isThrownBy(() -> SecretKey.takeFrom(new byte[0]));
    }

    @Test
    void aKeyPairIsGoneOnceClosed() {
        final Ed25519KeyPair pair;
        try (SecretKey seed = SecretKey.generate(new SeededRandomness(1))) {
            pair = Ed25519KeyPair.fromSeed(seed.segment());
        }
        final MemorySegment publicKey = pair.publicKey();
        pair.close();
        pair.close();

        assertThatIllegalStateException().isThrownBy(pair::seed);
        assertThatIllegalStateException().isThrownBy(() -> publicKey.get(JAVA_BYTE, 0));
    }
}
