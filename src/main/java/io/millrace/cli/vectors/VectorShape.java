package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;

/** One known shape of a JSON file with test vectors. */
interface VectorShape {
    /** Name for people, such as {@code wycheproof x25519}. */
    String name();

    /** Whether a file with this content has this shape. Looks at structure and declared schema, not at values. */
    boolean matches(JsonNode root);

    /** Runs every case of a file that {@link #matches}. */
    void run(JsonNode root, CaseLog log);
}
