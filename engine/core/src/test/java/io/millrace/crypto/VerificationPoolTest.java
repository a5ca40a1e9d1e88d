package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class VerificationPoolTest {
    @Test
    void batchesComeBackInOrderAndAFullPoolRefuses() {
        try (Arena arena = Arena.ofConfined();
                Ed25519KeyPair key = Ed25519KeyPair.fromSeed(arena.allocate(32).fill((byte) 3));
                VerificationPool pool = new VerificationPool(2, 3);
                SignatureBatch large = batch(key, 200, 7);
                SignatureBatch small = batch(key, 1, 0);
                SignatureBatch other = batch(key, 2, 1);
                SignatureBatch refused = batch(key, 1, 0)) {
            assertThat(pool.submit(large)).isTrue();
            assertThat(pool.submit(small)).isTrue();
            assertThat(pool.submit(other)).isTrue();
            assertThat(pool.submit(refused)).isFalse();

            assertThat(pool.take()).isSameAs(large);
            assertThat(pool.submit(refused)).isTrue();
            assertThat(pool.take()).isSameAs(small);
            assertThat(pool.take()).isSameAs(other);
            assertThat(pool.take()).isSameAs(refused);
            assertThat(pool.isReady()).isFalse();
            assertThatThrownBy(pool::take).isInstanceOf(NoSuchElementException.class);

            for (int i = 0; i < large.count(); i++) {
                assertThat(large.isValid(i)).isEqualTo(i != 7);
            }
            assertThat(other.isValid(0)).isTrue();
            assertThat(other.isValid(1)).isFalse();
            assertThatThrownBy(large::add).hasMessageContaining("full");
        }
    }

    /** Signatures over different messages, of which one is wrong. */
    private static SignatureBatch batch(Ed25519KeyPair key, int count, int wrong) {
        final SignatureBatch batch = new SignatureBatch(count, 5);
        for (int i = 0; i < count; i++) {
            final int index = batch.add();
            final MemorySegment message = batch.message(index).fill((byte) i);
            key.sign(batch.signature(index), message);
            batch.publicKey(index).copyFrom(key.publicKey());
            if (i == wrong) {
                message.fill((byte) (i + 1));
            }
        }
        return batch;
    }
}
