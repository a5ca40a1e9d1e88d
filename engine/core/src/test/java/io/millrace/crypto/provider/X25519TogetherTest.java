package io.millrace.crypto.provider;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.crypto.X25519Keys;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class X25519TogetherTest {
    private final Arena arena = Arena.ofConfined();
    private final SeededRandomness random = new SeededRandomness(9);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void eachOfAFewIsWhatItIsAlone() {
        for (int count = 1; count <= X25519Together.MOST; count++) {
            final MemorySegment[] results = drawn(count);
            final MemorySegment[] secrets = drawn(count);
            final MemorySegment[] points = drawn(count);

            assertThat(X25519Together.sharedSecrets(results, secrets, points)).isEqualTo((1 << count) - 1);

            for (int i = 0; i < count; i++) {
                final MemorySegment alone = arena.allocate(X25519Keys.LENGTH);
                X25519Keys.sharedSecret(alone, secrets[i], points[i]);
                assertThat(results[i].mismatch(alone)).as("%d of %d", i, count).isEqualTo(-1);
                assertThat(X25519Together.sharedSecret(alone, secrets[i], points[i]))
                        .isTrue();
                assertThat(results[i].mismatch(alone)).isEqualTo(-1);
            }
        }
    }

    @Test
    void theBasePointGivesThePublicKey() {
        final MemorySegment[] results = drawn(2);
        final MemorySegment[] secrets = drawn(2);
        X25519Together.sharedSecrets(
                results, secrets, new MemorySegment[] {X25519Together.basePoint(), X25519Together.basePoint()});
        for (int i = 0; i < 2; i++) {
            final MemorySegment alone = arena.allocate(X25519Keys.LENGTH);
            X25519Keys.publicKey(alone, secrets[i]);
            assertThat(results[i].toArray(JAVA_BYTE)).isEqualTo(alone.toArray(JAVA_BYTE));
        }
    }

    @Test
    void aPointOfLowOrderIsToldOfItsOwnResultOnly() {
        for (int low = 0; low < 3; low++) {
            final MemorySegment[] points = drawn(3);
            points[low].fill((byte) 0);
            assertThat(X25519Together.sharedSecrets(drawn(3), drawn(3), points)).isEqualTo(0b111 ^ 1 << low);
        }
        assertThat(X25519Together.sharedSecret(
                        arena.allocate(32), random(), arena.allocate(32).fill((byte) 0)))
                .isFalse();
    }

    @Test
    void countsAndLengthsThatDoNotFitAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> X25519Together.sharedSecrets(drawn(2), drawn(1), drawn(2)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> X25519Together.sharedSecrets(drawn(2), drawn(2), drawn(3)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> X25519Together.sharedSecrets(drawn(0), drawn(0), drawn(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> X25519Together.sharedSecrets(drawn(9), drawn(9), drawn(9)));
        final MemorySegment[] shortOne = {random(), arena.allocate(31)};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> X25519Together.sharedSecrets(drawn(2), shortOne, drawn(2)));
    }

    private MemorySegment[] drawn(int count) {
        final MemorySegment[] segments = new MemorySegment[count];
        for (int i = 0; i < count; i++) {
            segments[i] = random();
        }
        return segments;
    }

    private MemorySegment random() {
        return arena.allocateFrom(JAVA_BYTE, random.bytes(X25519Keys.LENGTH));
    }
}
