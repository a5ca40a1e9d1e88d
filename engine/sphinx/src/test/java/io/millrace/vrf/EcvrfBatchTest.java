package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A batch gives the prover's results for each of its inputs, and those of RFC 9381. */
class EcvrfBatchTest {
    private static final long SEED = 0x9381;
    private static final HexFormat HEX = HexFormat.of();

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final MemorySegment single = arena.allocate(EcvrfSuite.OUTPUT_LENGTH);

    static List<Map<String, String>> ell2Vectors() {
        return VectorText.read("rfc9381.txt").stream()
                .filter(vector -> vector.containsKey("uniformBytes"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ell2Vectors")
    void givesTheGammasOfTheRfcInEveryPlaceOfABatch(Map<String, String> vector) {
        final byte[] input = HEX.parseHex(vector.get("vrfInput"));
        try (EcvrfSecretKey key = EcvrfSecretKey.fromSeed(bytes(vector.get("sk")));
                EcvrfBatch batch = new EcvrfBatch(key, CryptoProviders.byName("auto"), input.length, 17)) {
            for (int i = 0; i < batch.limit(); i++) {
                batch.input(i).copyFrom(MemorySegment.ofArray(input));
            }
            batch.gammas(batch.limit());
            for (int i = 0; i < batch.limit(); i++) {
                assertThat(hex(batch.gamma(i))).isEqualTo(vector.get("pi").substring(0, 64));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sodium", "auto"})
    void givesTheOutputsAndGammasOfTheProver(String provider) {
        final long liveBytesBefore = TrackedArena.liveBytes();
        try (EcvrfSecretKey key = randomKey()) {
            for (int inputLength : new int[] {0, 1, 40, 71, 300}) {
                assertSameAsProver(CryptoProviders.byName(provider), key, inputLength);
            }
        }
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytesBefore);
    }

    @Test
    void aProviderMayLeaveAnyInput() {
        final BatchCrypto patchy = new PatchyMap(CryptoProviders.byName("auto")).provider();
        try (EcvrfSecretKey key = randomKey()) {
            assertSameAsProver(patchy, key, 40);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, BatchCrypto.MAX_BATCH + 1})
    void refusesOtherLimits(int limit) {
        try (EcvrfSecretKey key = randomKey()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new EcvrfBatch(key, CryptoProviders.byName("sodium"), 40, limit))
                    .withMessageContaining("limit=" + limit);
        }
    }

    private void assertSameAsProver(BatchCrypto crypto, EcvrfSecretKey key, int inputLength) {
        try (EcvrfProver prover = new EcvrfProver(EcvrfSuite.ELL2, key);
                EcvrfBatch batch = new EcvrfBatch(key, crypto, inputLength, 27)) {
            for (int count : new int[] {1, 8, 27, 3}) {
                for (int i = 0; i < count; i++) {
                    fillRandomly(batch.input(i));
                }
                batch.outputs(count);
                for (int i = 0; i < count; i++) {
                    prover.output(single, batch.input(i));
                    assertThat(hex(batch.output(i)))
                            .as("seed %d, output %d of %d", SEED, i, count)
                            .isEqualTo(hex(single));
                }
                batch.gammas(count);
                for (int i = 0; i < count; i++) {
                    final MemorySegment vrfGamma = single.asSlice(0, EcvrfSuite.GAMMA_LENGTH);
                    prover.gamma(vrfGamma, batch.input(i));
                    assertThat(hex(batch.gamma(i)))
                            .as("seed %d, gamma %d of %d", SEED, i, count)
                            .isEqualTo(hex(vrfGamma));
                }
            }
        }
    }

    private EcvrfSecretKey randomKey() {
        return EcvrfSecretKey.fromSeed(fillRandomly(arena.allocate(EcvrfSuite.SEED_LENGTH)));
    }

    private MemorySegment fillRandomly(MemorySegment segment) {
        for (long i = 0; i < segment.byteSize(); i++) {
            segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        return segment;
    }

    private MemorySegment bytes(String hex) {
        final byte[] bytes = HEX.parseHex(hex);
        return arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }

    private static String hex(MemorySegment segment) {
        return HEX.formatHex(segment.toArray(ValueLayout.JAVA_BYTE));
    }
}
