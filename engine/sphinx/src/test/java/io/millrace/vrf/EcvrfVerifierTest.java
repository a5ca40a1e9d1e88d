package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.TrackedArena;
import io.millrace.vrf.Edwards25519Model.Point;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Prover and verifier against a model of RFC 9381, and the verifier against forgers. */
class EcvrfVerifierTest {
    private static final long SEED = 545;
    private static final byte[] INPUT = {0x6d, 0x72};

    private final Random random = new Random(SEED);
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment vrfOutput = arena.allocate(EcvrfSuite.OUTPUT_LENGTH);
    private long liveBytesBefore;

    @BeforeEach
    void countLiveBytes() {
        liveBytesBefore = TrackedArena.liveBytes();
    }

    @AfterEach
    void nothingLeaks() {
        arena.close();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytesBefore);
    }

    @ParameterizedTest
    @EnumSource
    void provesWhatTheModelProves(EcvrfSuite suite) {
        final EcvrfModel model = new EcvrfModel(suite);
        for (int length : new int[] {0, 1, 31, 32, 93, 94, 95, 128, 200, 5_000, 3}) {
            final byte[] seed = bytes(32);
            final byte[] vrfInput = bytes(length);
            try (EcvrfSecretKey key = EcvrfSecretKey.fromSeed(nativeCopy(seed));
                    EcvrfProver prover = new EcvrfProver(suite, key);
                    EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
                final byte[] pi = new byte[EcvrfSuite.PI_LENGTH];
                prover.prove(MemorySegment.ofArray(pi), MemorySegment.ofArray(vrfInput));
                assertThat(pi).as("length %d", length).isEqualTo(model.prove(seed, vrfInput));

                final byte[] publicKey = key.publicKey().toArray(ValueLayout.JAVA_BYTE);
                assertThat(verify(verifier, publicKey, vrfInput, pi)).isTrue();
                assertThat(vrfOutput.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(model.verify(publicKey, vrfInput, pi));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesEverySingleBitFlip(EcvrfSuite suite) {
        final byte[] seed = bytes(32);
        final byte[] publicKey = EcvrfModel.publicKey(seed);
        final byte[] vrfInput = INPUT.clone();
        final byte[] pi = new EcvrfModel(suite).prove(seed, vrfInput);
        try (EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
            for (byte[] part : new byte[][] {pi, publicKey, vrfInput}) {
                for (int bit = 0; bit < 8 * part.length; bit++) {
                    part[bit / 8] ^= (byte) (1 << bit % 8);
                    assertThat(verify(verifier, publicKey, vrfInput, pi))
                            .as("bit %d of %d bytes", bit, part.length)
                            .isFalse();
                    part[bit / 8] ^= (byte) (1 << bit % 8);
                }
            }
            assertThat(verify(verifier, publicKey, vrfInput, pi)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesEveryOtherLengthAndLeavesTheOutputAlone(EcvrfSuite suite) {
        final byte[] seed = bytes(32);
        final byte[] publicKey = EcvrfModel.publicKey(seed);
        final byte[] pi = new EcvrfModel(suite).prove(seed, INPUT);
        try (EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
            for (int length = 0; length < 100; length++) {
                if (length != EcvrfSuite.PI_LENGTH) {
                    final byte[] other = Arrays.copyOf(pi, length);
                    assertThat(verify(verifier, publicKey, INPUT, other)).isFalse();
                    assertThat(verifier.proofToHash(vrfOutput, MemorySegment.ofArray(other)))
                            .isFalse();
                }
                if (length != EcvrfSuite.PUBLIC_KEY_LENGTH) {
                    assertThat(verify(verifier, Arrays.copyOf(publicKey, length), INPUT, pi))
                            .isFalse();
                }
            }
            assertThat(vrfOutput.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            assertThatThrownBy(() -> verifier.proofToHash(arena.allocate(63), MemorySegment.ofArray(pi)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesKeysOfSmallOrderThoughTheirProofsAddUp(EcvrfSuite suite) {
        final EcvrfModel model = new EcvrfModel(suite);
        try (EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
            for (Point key : Edwards25519Model.torsion()) {
                // With x = 0 the equations hold for gamma = identity whenever c * key is the identity.
                final Point h = model.encodeToCurve(key.encode(), INPUT);
                for (int k = 1; k <= 8; k++) {
                    final byte[] pi =
                            model.prove(BigInteger.ZERO, key, h, Edwards25519Model.IDENTITY, BigInteger.valueOf(k));
                    assertThat(verifier.isValidKey(MemorySegment.ofArray(key.encode())))
                            .isFalse();
                    assertThat(verify(verifier, key.encode(), INPUT, pi)).isFalse();
                }
            }
        }
    }

    /** The RFC's answer for them depends on c mod 8: an eighth to all of them are valid. */
    @ParameterizedTest
    @EnumSource
    void answersAsTheRfcForPointsOfMixedOrder(EcvrfSuite suite) {
        final EcvrfModel model = new EcvrfModel(suite);
        final List<Point> torsion = Edwards25519Model.torsion();
        int valid = 0;
        int invalid = 0;
        try (EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
            for (int i = 0; i < 64; i++) {
                final BigInteger x = EcvrfModel.secretScalar(bytes(32));
                final Point key = Edwards25519Model.BASE.times(x).plus(torsion.get(i / 8));
                final Point h = model.encodeToCurve(key.encode(), INPUT);
                final Point gamma = h.times(x).plus(torsion.get(i % 8));
                final BigInteger k = new BigInteger(250, random);
                final byte[] pi = model.prove(x, key, h, gamma, k);

                final byte[] expected = model.verify(key.encode(), INPUT, pi);
                assertThat(verify(verifier, key.encode(), INPUT, pi))
                        .as("proof %d of seed %d", i, SEED)
                        .isEqualTo(expected != null);
                if (expected != null) {
                    assertThat(vrfOutput.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
                    valid++;
                } else {
                    invalid++;
                }
            }
        }
        assertThat(valid).isGreaterThan(5);
        assertThat(invalid).isGreaterThan(20);
    }

    /** Scalars and points for which the multiplication has no result in libsodium. */
    @ParameterizedTest
    @EnumSource
    void answersAsTheRfcForZerosAndIdentities(EcvrfSuite suite) {
        final EcvrfModel model = new EcvrfModel(suite);
        final byte[] publicKey = EcvrfModel.publicKey(bytes(32));
        try (EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
            for (Point gamma : Edwards25519Model.torsion()) {
                for (int c = 0; c < 9; c += 3) {
                    for (int s = 0; s < 2; s++) {
                        final byte[] pi = new byte[EcvrfSuite.PI_LENGTH];
                        System.arraycopy(gamma.encode(), 0, pi, 0, 32);
                        pi[32] = (byte) c;
                        pi[48] = (byte) s;
                        assertThat(verify(verifier, publicKey, INPUT, pi))
                                .isEqualTo(model.verify(publicKey, INPUT, pi) != null);
                        // U and V show that nothing was skipped, though the challenge cannot fit.
                        assertThat(verifier.u().toArray(ValueLayout.JAVA_BYTE))
                                .isEqualTo(Edwards25519Model.BASE
                                        .times(BigInteger.valueOf(s))
                                        .minus(Edwards25519Model.decode(publicKey)
                                                .times(BigInteger.valueOf(c)))
                                        .encode());
                        assertThat(verifier.v().toArray(ValueLayout.JAVA_BYTE))
                                .isEqualTo(model.encodeToCurve(publicKey, INPUT)
                                        .times(BigInteger.valueOf(s))
                                        .minus(gamma.times(BigInteger.valueOf(c)))
                                        .encode());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAScalarFromTheGroupOrderOn(EcvrfSuite suite) {
        final byte[] seed = bytes(32);
        final byte[] pi = new EcvrfModel(suite).prove(seed, INPUT);
        final BigInteger s = Edwards25519Model.number(Arrays.copyOfRange(pi, 48, 80), 32);
        try (EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
            for (int times = 1; times < 16; times++) {
                final BigInteger same = s.add(Edwards25519Model.Q.multiply(BigInteger.valueOf(times)));
                if (same.bitLength() <= 256) {
                    System.arraycopy(Edwards25519Model.littleEndian(same, 32), 0, pi, 48, 32);
                    assertThat(verify(verifier, EcvrfModel.publicKey(seed), INPUT, pi))
                            .isFalse();
                    assertThat(verifier.proofToHash(vrfOutput, MemorySegment.ofArray(pi)))
                            .isFalse();
                }
            }
        }
    }

    private boolean verify(EcvrfVerifier verifier, byte[] publicKey, byte[] vrfInput, byte[] pi) {
        return verifier.verify(
                vrfOutput,
                MemorySegment.ofArray(publicKey),
                MemorySegment.ofArray(vrfInput),
                MemorySegment.ofArray(pi));
    }

    private byte[] bytes(int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private MemorySegment nativeCopy(byte[] bytes) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
    }
}
