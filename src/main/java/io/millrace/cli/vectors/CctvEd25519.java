package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.Ed25519;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Ed25519 edge cases whose verdict depends on the verification rule: the flags say which rule a case exercises, and
 * {@link #accepts} states the rule of {@link Ed25519} in terms of them.
 *
 * <p>Source: C2SP/CCTV, {@code ed25519}.
 */
final class CctvEd25519 extends ListShape {
    /** A point with a torsion and a prime-order component: the equation alone decides. */
    private static final Set<String> TOLERATED = Set.of("low_order_component_A", "low_order_component_R");

    /**
     * Each of these alone is refused. Small order: by the check of A and R. Non-canonical: A by its check, R because the
     * computed encoding is compared with it. A residue of low order: the equation holds only with the cofactor. A
     * re-encoded k: the hash is over the bytes as they came.
     */
    private static final Set<String> REFUSED = Set.of(
            "low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue", "reencoded_k");

    CctvEd25519() {
        super("cctv ed25519", "number", Set.of("number", "key", "sig", "msg", "flags"), Set.of());
    }

    /** Whether the pinned rule accepts a signature that exercises just these properties. */
    static boolean accepts(Set<String> flags) {
        return TOLERATED.containsAll(flags);
    }

    @Override
    Optional<String> skipReason(JsonNode node) {
        final Set<String> unknown = new LinkedHashSet<>();
        node.path("flags").forEach(flag -> unknown.add(flag.asText()));
        unknown.removeAll(TOLERATED);
        unknown.removeAll(REFUSED);
        return unknown.isEmpty() ? Optional.empty() : Optional.of("no rule for flags " + unknown);
    }

    @Override
    void check(CaseFields fields) {
        Expectation.verdict(
                "verification",
                accepts(fields.flags()),
                Ed25519.verify(fields.bytes("sig"), fields.utf8("msg"), fields.bytes("key")));
    }
}
