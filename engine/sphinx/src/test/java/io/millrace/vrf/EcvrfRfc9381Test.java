package io.millrace.vrf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The known answers of RFC 9381, appendices B.3 and B.4, with every intermediate value that they print. */
class EcvrfRfc9381Test {
    private static final HexFormat HEX = HexFormat.of();

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment pi = arena.allocate(EcvrfSuite.PI_LENGTH);
    private final MemorySegment vrfOutput = arena.allocate(EcvrfSuite.OUTPUT_LENGTH);

    @AfterEach
    void close() {
        arena.close();
    }

    static List<Map<String, String>> vectors() {
        return VectorText.read("rfc9381.txt");
    }

    @Test
    void allSixExamplesAreThere() {
        assertThat(vectors())
                .extracting(vector -> vector.get("example"))
                .containsExactly("16", "17", "18", "19", "20", "21");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void provesWithTheIntermediatesOfTheRfc(Map<String, String> vector) {
        try (EcvrfSecretKey key = EcvrfSecretKey.fromSeed(bytes(vector, "sk"));
                EcvrfProver prover = new EcvrfProver(suite(vector), key)) {
            assertThat(hex(key.publicKey())).isEqualTo(vector.get("pk"));
            assertThat(hex(key.x())).isEqualTo(vector.get("x"));

            prover.proveKeepingScratch(pi, bytes(vector, "vrfInput"));

            assertThat(hex(prover.h())).isEqualTo(vector.get("h"));
            assertThat(hex(prover.kString())).isEqualTo(vector.get("kString"));
            assertThat(hex(prover.k())).isEqualTo(vector.get("k"));
            assertThat(hex(prover.u())).isEqualTo(vector.get("U"));
            assertThat(hex(prover.v())).isEqualTo(vector.get("V"));
            assertThat(hex(pi)).isEqualTo(vector.get("pi"));
            if (suite(vector) == EcvrfSuite.TAI) {
                assertThat(prover.encodeToCurve().tryCounter()).isEqualTo(Integer.parseInt(vector.get("tryCounter")));
            } else {
                final Elligator2 map = prover.encodeToCurve().point().elligator2();
                assertThat(hex(prover.encodeToCurve().uniformBytes())).isEqualTo(vector.get("uniformBytes"));
                assertThat(value(map.u())).isEqualTo(littleEndian(vector, "u"));
                assertThat(value(map.gx1())
                                .multiply(value(map.gxd()).modInverse(Field25519.P))
                                .mod(Field25519.P))
                        .isEqualTo(littleEndian(vector, "gx1"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void leavesNothingOfTheSecretInScratchMemory(Map<String, String> vector) {
        try (EcvrfSecretKey key = EcvrfSecretKey.fromSeed(bytes(vector, "sk"));
                EcvrfProver prover = new EcvrfProver(suite(vector), key)) {
            prover.prove(pi, bytes(vector, "vrfInput"));

            assertThat(hex(pi)).isEqualTo(vector.get("pi"));
            assertThat(hex(prover.kString())).matches("0+");
            assertThat(hex(prover.k())).matches("0+");
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void givesTheOutputWithAndWithoutAProof(Map<String, String> vector) {
        try (EcvrfSecretKey key = EcvrfSecretKey.fromSeed(bytes(vector, "sk"));
                EcvrfProver prover = new EcvrfProver(suite(vector), key);
                EcvrfVerifier verifier = new EcvrfVerifier(suite(vector))) {
            prover.output(vrfOutput, bytes(vector, "vrfInput"));
            assertThat(hex(vrfOutput)).isEqualTo(vector.get("vrfOutput"));

            final MemorySegment vrfGamma = arena.allocate(EcvrfSuite.GAMMA_LENGTH);
            prover.gamma(vrfGamma, bytes(vector, "vrfInput"));
            assertThat(hex(vrfGamma)).isEqualTo(vector.get("pi").substring(0, 64));

            vrfOutput.fill((byte) 0);
            assertThat(verifier.proofToHash(vrfOutput, bytes(vector, "pi"))).isTrue();
            assertThat(hex(vrfOutput)).isEqualTo(vector.get("vrfOutput"));
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void verifies(Map<String, String> vector) {
        try (EcvrfVerifier verifier = new EcvrfVerifier(suite(vector))) {
            assertThat(verifier.verify(vrfOutput, bytes(vector, "pk"), bytes(vector, "vrfInput"), bytes(vector, "pi")))
                    .isTrue();
            assertThat(hex(vrfOutput)).isEqualTo(vector.get("vrfOutput"));
            assertThat(hex(verifier.u())).isEqualTo(vector.get("U"));
            assertThat(hex(verifier.v())).isEqualTo(vector.get("V"));
        }
    }

    private MemorySegment bytes(Map<String, String> vector, String name) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, HEX.parseHex(vector.get(name)));
    }

    /** The RFC prints field elements in the byte order of encodings. */
    private static BigInteger littleEndian(Map<String, String> vector, String name) {
        return Edwards25519Model.number(HEX.parseHex(vector.get(name)), 32);
    }

    private static EcvrfSuite suite(Map<String, String> vector) {
        return EcvrfSuite.byLabel(vector.get("suite"));
    }

    private static String hex(MemorySegment segment) {
        return HEX.formatHex(segment.toArray(ValueLayout.JAVA_BYTE));
    }

    private BigInteger value(long[] element) {
        final MemorySegment bytes = arena.allocate(32);
        new Field25519().toBytes(element, bytes, 0);
        return Edwards25519Model.number(bytes.toArray(ValueLayout.JAVA_BYTE), 32);
    }
}
