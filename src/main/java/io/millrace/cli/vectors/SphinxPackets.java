package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.sphinx.SphinxProfile;
import java.util.Arrays;

/**
 * Sphinx packets of a wire profile of ours: {@code cases} with a packet or a single-use reply block and all secrets of
 * every hop, and {@code refused} packets, each with its drop reason. Either list may be missing.
 *
 * <p>Wrapping with the secrets of a case must give the packet bit for bit, and every hop must read its command and make the
 * next packet, alone and as every element of a batch wider than any kernel's lanes.
 *
 * <p>Source: {@code src/docs/specs/sphinx-mr1.md} and {@code sphinx-mr2.md}.
 */
final class SphinxPackets implements VectorShape {
    private final BatchCrypto provider;

    SphinxPackets(BatchCrypto provider) {
        this.provider = provider;
    }

    @Override
    public String name() {
        return "sphinx packets";
    }

    @Override
    public boolean matches(JsonNode root) {
        final JsonNode hop = root.path("cases").path(0).path("hops").path(0);
        final JsonNode refused = root.path("refused").path(0);
        return root.path("profile").isTextual()
                && ((hop.has("privateKey") && hop.has("packet"))
                        || (refused.has("packet") && refused.has("dropReason")));
    }

    @Override
    public void run(JsonNode root, CaseLog log) {
        final String label = root.get("profile").asText();
        final SphinxProfile profile = Arrays.stream(SphinxProfile.values())
                .filter(known -> known.label().equals(label))
                .findFirst()
                .orElse(null);
        int position = 0;
        for (final JsonNode each : root.path("cases")) {
            position++;
            if (profile == null) {
                log.skip("no profile " + label);
            } else {
                final String type = each.path("type").asText();
                log.check(
                        "case " + position + " (" + type + ", "
                                + each.path("hops").size() + " hops)",
                        each,
                        fields -> {
                            try (SphinxCase run = new SphinxCase(profile, provider, fields, each)) {
                                run.check(type);
                            }
                        });
            }
        }
        position = 0;
        for (final JsonNode each : root.path("refused")) {
            position++;
            if (profile == null) {
                log.skip("no profile " + label);
            } else {
                log.check(
                        "refused " + position + " (" + each.path("name").asText() + ")",
                        each,
                        fields -> SphinxRefusal.check(profile, provider, fields));
            }
        }
    }
}
