package io.millrace.rig.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The providers around another one do the work in their name, and nothing else. */
class WrappingCryptoTest {
    private static final int COUNT = 3;
    private static final int LENGTH = 100;

    private final BatchCrypto sodium = CryptoProviders.byName("sodium");
    private final Arena arena = Arena.ofAuto();
    private final StatusArray ok = new StatusArray(arena, COUNT);

    private AddressArray operand(MemorySegment memory, int length) {
        return new AddressArray(arena, COUNT).fill(COUNT, memory, 0, length);
    }

    private MemorySegment random(int length) {
        final MemorySegment memory = arena.allocate((long) COUNT * length, 64);
        new SecureRandomness().fill(memory);
        return memory;
    }

    private byte[] multiplied(BatchCrypto crypto, MemorySegment scalars, MemorySegment points) {
        final MemorySegment place = arena.allocate(points.byteSize(), 64).copyFrom(points);
        final AddressArray inPlace = operand(place, BatchCrypto.KEY_LENGTH);
        crypto.x25519(COUNT, inPlace, operand(scalars, BatchCrypto.KEY_LENGTH), inPlace, ok);
        return place.toArray(JAVA_BYTE);
    }

    @Test
    void multipliesToTheSameResultHoweverOften() {
        final MemorySegment scalars = random(BatchCrypto.KEY_LENGTH);
        final MemorySegment points = random(BatchCrypto.KEY_LENGTH);
        final byte[] expected = multiplied(sodium, scalars, points);

        assertThat(multiplied(new RepeatedCrypto(sodium), scalars, points)).isEqualTo(expected);
        assertThat(multiplied(new MultiplyingCrypto(CryptoProviders.byName("auto"), sodium), scalars, points))
                .isEqualTo(expected);
    }

    @Test
    void multipliesEachTwice() {
        final AtomicInteger multiplied = new AtomicInteger();
        final BatchCrypto counting = new DelegatingCrypto(sodium) {
            @Override
            public void x25519(int count, AddressArray out, AddressArray scalar, AddressArray point, StatusArray ok) {
                multiplied.addAndGet(count);
                super.x25519(count, out, scalar, point, ok);
            }
        };

        multiplied(new RepeatedCrypto(counting), random(BatchCrypto.KEY_LENGTH), random(BatchCrypto.KEY_LENGTH));

        assertThat(multiplied).hasValue(2 * COUNT);
    }

    @Test
    void countsTheTimeOfWhatWasAskedFor() {
        final TimedCrypto timed = new TimedCrypto(sodium, 0);
        final MemorySegment scalars = random(BatchCrypto.KEY_LENGTH);
        final MemorySegment points = random(BatchCrypto.KEY_LENGTH);

        assertThat(multiplied(timed, scalars, points)).isEqualTo(multiplied(sodium, scalars, points));

        final Map<String, Long> spent = timed.spentNs();
        assertThat(spent)
                .containsOnlyKeys("x25519", "blake2b", "chacha20", "sha512", "edwards25519", "chacha20poly1305");
        assertThat(spent.remove("x25519")).isPositive();
        assertThat(spent.values()).containsOnly(0L);
    }

    @Test
    void leavesFramesAsTheyAreAndAcceptsThemAll() {
        final MemorySegment texts = random(LENGTH);
        final byte[] before = texts.toArray(JAVA_BYTE);
        final AddressArray text = operand(texts, LENGTH);
        final AddressArray tag = operand(random(BatchCrypto.AEAD_TAG_LENGTH), BatchCrypto.AEAD_TAG_LENGTH);
        final AddressArray ad = operand(random(10), 10);
        final AddressArray nonce = operand(random(BatchCrypto.AEAD_NONCE_LENGTH), BatchCrypto.AEAD_NONCE_LENGTH);
        final AddressArray key = operand(random(BatchCrypto.KEY_LENGTH), BatchCrypto.KEY_LENGTH);
        final BatchCrypto unsealed = new UnsealedCrypto(sodium);

        unsealed.aeadSeal(COUNT, text, LENGTH, tag, ad, 10, nonce, key);
        unsealed.aeadOpen(COUNT, text, LENGTH, tag, ad, 10, nonce, key, ok);

        assertThat(texts.toArray(JAVA_BYTE)).isEqualTo(before);
        for (int i = 0; i < COUNT; i++) {
            assertThat(ok.ok(i)).isTrue();
        }
    }
}
