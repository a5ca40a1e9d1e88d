package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A Wycheproof file: declares its schema and algorithm, and holds groups of tests with {@code result} valid, invalid or
 * acceptable.
 *
 * <p>Source: C2SP/wycheproof, {@code testvectors_v1} and {@code schemas}.
 */
abstract class WycheproofShape implements VectorShape {
    private final String name;
    private final String schema;
    private final String algorithm;

    WycheproofShape(String name, String schema, String algorithm) {
        this.name = name;
        this.schema = schema;
        this.algorithm = algorithm;
    }

    @Override
    public final String name() {
        return "wycheproof " + name;
    }

    @Override
    public final boolean matches(JsonNode root) {
        return schema.equals(root.path("schema").asText())
                && algorithm.equals(root.path("algorithm").asText());
    }

    @Override
    public final void run(JsonNode root, CaseLog log) {
        for (final JsonNode group : root.path("testGroups")) {
            for (final JsonNode test : group.path("tests")) {
                if (supports(group)) {
                    log.check("tcId " + test.path("tcId").asText(), test, fields -> check(group, fields));
                } else {
                    log.skip("group not supported");
                }
            }
        }
        final int declared = root.path("numberOfTests").asInt(-1);
        if (declared != log.total()) {
            log.fail("file", "numberOfTests is not the number of tests: numberOfTests=" + declared);
        }
    }

    /** Whether the parameters of a group, such as its curve, are ones that this program has. */
    boolean supports(JsonNode group) {
        return true;
    }

    /** Runs one test, or throws {@link VectorMismatch}. */
    abstract void check(JsonNode group, CaseFields test);

    /** Whether the test says {@code valid}, where {@code acceptable} does not occur. */
    static boolean isValid(CaseFields test) {
        return switch (test.text("result")) {
            case "valid" -> true;
            case "invalid" -> false;
            default -> throw new VectorMismatch("no rule for result=" + test.text("result"));
        };
    }
}
