package io.millrace.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.test.LeakCheck;
import io.millrace.test.WatchedKem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Round trips of ML-KEM-768, and invalid keys, ciphertexts and lengths. */
@ExtendWith(LeakCheck.class)
class MlKem768Test {
    private final SplittableRandom random = new SplittableRandom(11);
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment ciphertext = arena.allocate(MlKem768.CIPHERTEXT_LENGTH);
    private final MemorySegment there = arena.allocate(MlKem768.SECRET_LENGTH);
    private final MemorySegment here = arena.allocate(MlKem768.SECRET_LENGTH);

    @AfterEach
    void closeArena() {
        arena.close();
    }

    @Test
    void bothEndsHaveTheSameSecretAndNoOtherRoundHasIt() {
        try (MlKem768KeyPair pair = MlKem768KeyPair.generate(this::fill)) {
            final byte[] before = there.toArray(ValueLayout.JAVA_BYTE);
            for (int round = 0; round < 10; round++) {
                assertThat(MlKem768.encapsulate(pair.publicKey(), this::fill, ciphertext, there))
                        .isTrue();
                pair.decapsulate(ciphertext, here);
                assertThat(here.mismatch(there)).isEqualTo(-1);
                assertThat(there.toArray(ValueLayout.JAVA_BYTE)).isNotEqualTo(before);
            }
        }
    }

    @Test
    void keysAndSecretsFollowFromTheRandomnessAlone() {
        final byte[][] keys = new byte[2][];
        for (int i = 0; i < 2; i++) {
            final SplittableRandom same = new SplittableRandom(3);
            try (MlKem768KeyPair pair = MlKem768KeyPair.generate(segment -> fill(segment, same))) {
                keys[i] = pair.publicKey().toArray(ValueLayout.JAVA_BYTE);
            }
        }
        assertThat(keys[0]).isEqualTo(keys[1]).hasSize(MlKem768.KEY_LENGTH);
    }

    @Test
    void aKeyWithACoefficientOutOfRangeIsNone() {
        try (MlKem768KeyPair pair = MlKem768KeyPair.generate(this::fill)) {
            for (int at = 0; at < 1_152; at += 3) {
                final byte[] key = pair.publicKey().toArray(ValueLayout.JAVA_BYTE);
                key[at] = (byte) 0xff; // 4,095, and the field ends at 3,328
                key[at + 1] |= 0x0f;
                assertThat(MlKem768.encapsulate(MemorySegment.ofArray(key), this::fill, ciphertext, there))
                        .as("coefficient at byte %d", at)
                        .isFalse();
            }
        }
    }

    @Test
    void aChangedCiphertextGivesAnotherSecretAndNoError() {
        try (MlKem768KeyPair pair = MlKem768KeyPair.generate(this::fill)) {
            MlKem768.encapsulate(pair.publicKey(), this::fill, ciphertext, there);
            for (int at = 0; at < MlKem768.CIPHERTEXT_LENGTH; at += 37) {
                final byte was = ciphertext.get(ValueLayout.JAVA_BYTE, at);
                ciphertext.set(ValueLayout.JAVA_BYTE, at, (byte) (was ^ 1));
                pair.decapsulate(ciphertext, here);
                assertThat(here.mismatch(there)).as("byte %d", at).isNotEqualTo(-1);
                ciphertext.set(ValueLayout.JAVA_BYTE, at, was);
            }
        }
    }

    @Test
    void wrongLengthsSecretsOnTheHeapAndClosedPairsAreRefused() {
        final MlKem768KeyPair pair = MlKem768KeyPair.generate(this::fill);
        final MemorySegment key = pair.publicKey();
        assertThatThrownBy(() -> MlKem768.encapsulate(key.asSlice(1), this::fill, ciphertext, there))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MlKem768.encapsulate(key, this::fill, ciphertext.asSlice(1), there))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> MlKem768.encapsulate(key, this::fill, ciphertext, MemorySegment.ofArray(new byte[32])))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> pair.decapsulate(ciphertext.asSlice(1), here))
                .isInstanceOf(IllegalArgumentException.class);
        pair.close();
        pair.close();
        assertThatThrownBy(() -> pair.decapsulate(ciphertext, here)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatWasDrawnForAKeyOrASecretIsZeroAfterwards() {
        final List<MemorySegment> drawn = new ArrayList<>();
        final Randomness watched = segment -> {
            fill(segment);
            drawn.add(segment);
        };
        try (MlKem768KeyPair pair = MlKem768KeyPair.generate(watched)) {
            MlKem768.encapsulate(pair.publicKey(), watched, ciphertext, there);
        }
        assertThat(drawn).hasSize(3).allMatch(segment -> Bytes.hex(segment).matches("0+"));
    }

    @Test
    void aDrawThatFailsLeavesZeros() {
        final List<MemorySegment> drawn = new ArrayList<>();
        assertThatThrownBy(() -> MlKem768KeyPair.generate(segment -> {
                    fill(segment);
                    drawn.add(segment);
                    throw new IllegalStateException("no randomness");
                }))
                .hasMessage("no randomness");
        assertThat(drawn).hasSize(1).allMatch(segment -> Bytes.hex(segment).matches("0+"));
    }

    @Test
    void theArraysOfTheJdkAreZeroAndItsKeyIsDestroyed() {
        try (WatchedKem kem = new WatchedKem()) {
            try (MlKem768KeyPair pair = MlKem768KeyPair.generate(this::fill)) {
                MlKem768.encapsulate(pair.publicKey(), this::fill, ciphertext, there);
                pair.decapsulate(ciphertext, here);
                assertThat(here.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(kem.lastSecret());
                assertThat(kem.secrets()).isEqualTo(2);
                assertThat(kem.secretsLeft()).isZero();
                assertThat(kem.privateKeysLeft()).isOne();
            }
            assertThat(kem.privateKeysLeft()).isZero();
        }
    }

    private void fill(MemorySegment segment) {
        fill(segment, random);
    }

    private static void fill(MemorySegment segment, SplittableRandom random) {
        for (long at = 0; at < segment.byteSize(); at++) {
            segment.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
        }
    }
}
