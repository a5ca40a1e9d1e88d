package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.vrf.EcvrfSuite;
import io.millrace.vrf.EcvrfVerifier;
import java.util.Optional;

/**
 * ECVRF proofs that a verifier must refuse, each with its reason.
 *
 * <p>Source: RFC 9381 sections 5.3 and 5.4.5.
 */
final class EcvrfRefusals implements VectorShape {
    @Override
    public String name() {
        return "ecvrf refusals";
    }

    @Override
    public boolean matches(JsonNode root) {
        final JsonNode first = root.path("negative").path(0);
        return first.has("suite") && first.has("pi") && first.has("expected");
    }

    @Override
    public void run(JsonNode root, CaseLog log) {
        int position = 0;
        for (final JsonNode refusal : root.get("negative")) {
            position++;
            final String label = refusal.path("suite").asText();
            final Optional<EcvrfSuite> suite = EcvrfProofs.suite(label);
            if (suite.isPresent()) {
                log.check(
                        "case " + position + " (" + refusal.path("why").asText() + ")",
                        refusal,
                        fields -> check(suite.get(), fields));
            } else {
                log.skip("no suite " + label);
            }
        }
    }

    private static void check(EcvrfSuite suite, CaseFields fields) {
        final boolean valid = switch (fields.text("expected")) {
            case "VALID" -> true;
            case "INVALID" -> false;
            default -> throw new VectorMismatch("no rule for expected=" + fields.text("expected"));
        };
        try (EcvrfVerifier verifier = new EcvrfVerifier(suite)) {
            Expectation.verdict(
                    "verification",
                    valid,
                    verifier.verify(
                            fields.blank(EcvrfSuite.OUTPUT_LENGTH),
                            fields.bytes("pk"),
                            fields.bytes("alpha"),
                            fields.bytes("pi")));
        }
    }
}
