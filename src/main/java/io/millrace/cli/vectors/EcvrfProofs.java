package io.millrace.cli.vectors;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.vrf.EcvrfProver;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EcvrfSuite;
import io.millrace.vrf.EcvrfVerifier;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * ECVRF examples: a list under the name of each suite. Proves, takes the output with and without a proof, and verifies.
 *
 * <p>Source: RFC 9381 appendices B.3 and B.4.
 */
final class EcvrfProofs implements VectorShape {
    private static final String SUITE_PREFIX = "ECVRF-";

    @Override
    public String name() {
        return "ecvrf proofs";
    }

    @Override
    public boolean matches(JsonNode root) {
        return root.isObject()
                && !root.isEmpty()
                && root.properties().stream()
                        .allMatch(suite -> suite.getKey().startsWith(SUITE_PREFIX)
                                && suite.getValue().path(0).has("pi")
                                && suite.getValue().path(0).has("beta"));
    }

    @Override
    public void run(JsonNode root, CaseLog log) {
        for (final Map.Entry<String, JsonNode> list : root.properties()) {
            final Optional<EcvrfSuite> suite = suite(list.getKey());
            for (final JsonNode example : list.getValue()) {
                if (suite.isPresent()) {
                    log.check(
                            "example " + example.path("example").asText(),
                            example,
                            fields -> check(suite.get(), fields));
                } else {
                    log.skip("no suite " + list.getKey());
                }
            }
        }
    }

    /** The suite with that label, if this program has it. */
    static Optional<EcvrfSuite> suite(String label) {
        return Arrays.stream(EcvrfSuite.values())
                .filter(suite -> suite.label().equals(label))
                .findFirst();
    }

    private static void check(EcvrfSuite suite, CaseFields fields) {
        final MemorySegment vrfInput = fields.bytes("alpha");
        final MemorySegment publicKey = fields.bytes("pk");
        final MemorySegment expectedPi = fields.bytes("pi");
        final MemorySegment expectedOutput = fields.bytes("beta");
        final MemorySegment pi = fields.blank(EcvrfSuite.PI_LENGTH);
        final MemorySegment output = fields.blank(EcvrfSuite.OUTPUT_LENGTH);
        try (EcvrfSecretKey key = EcvrfSecretKey.fromSeed(fields.bytes("sk"));
                EcvrfProver prover = new EcvrfProver(suite, key);
                EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
            Expectation.equal("public key", publicKey, key.publicKey());
            prover.prove(pi, vrfInput);
            Expectation.equal("proof", expectedPi, pi);
            prover.output(output, vrfInput);
            Expectation.equal("prover's output", expectedOutput, output);

            output.fill((byte) 0);
            Expectation.verdict("verification", true, verifier.verify(output, publicKey, vrfInput, expectedPi));
            Expectation.equal("verifier's output", expectedOutput, output);
            output.fill((byte) 0);
            Expectation.verdict("proof to hash", true, verifier.proofToHash(output, expectedPi));
            Expectation.equal("output of the proof", expectedOutput, output);

            // The last byte of c: still a proof that decodes.
            final long last = EcvrfSuite.GAMMA_LENGTH + EcvrfSuite.C_LENGTH - 1;
            pi.set(JAVA_BYTE, last, (byte) (pi.get(JAVA_BYTE, last) ^ 1));
            Expectation.verdict(
                    "verification of a changed proof", false, verifier.verify(output, publicKey, vrfInput, pi));
        }
    }
}
