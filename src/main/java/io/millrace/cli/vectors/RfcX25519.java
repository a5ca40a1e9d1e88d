package io.millrace.cli.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.crypto.X25519Keys;
import java.lang.foreign.MemorySegment;

/**
 * X25519 of its RFC: two functions of one step, the iteration, and the Diffie-Hellman example.
 *
 * <p>Source: RFC 7748 sections 5.2 and 6.1.
 */
final class RfcX25519 implements VectorShape {
    private static final String ITERATION = "after_";
    private static final int MOST_ROUNDS = 1_000_000;

    private final ProviderUnderTest provider;

    RfcX25519(ProviderUnderTest provider) {
        this.provider = provider;
    }

    @Override
    public String name() {
        return "rfc 7748 x25519";
    }

    @Override
    public boolean matches(JsonNode root) {
        return root.path("vectors").path(0).has("scalar")
                && root.path("iterated").has("start")
                && root.path("dh").has("shared");
    }

    @Override
    public void run(JsonNode root, CaseLog log) {
        int position = 0;
        for (final JsonNode vector : root.get("vectors")) {
            position++;
            log.check("vector " + position, vector, fields -> {
                multiplies(fields, fields.bytes("scalar"), fields.bytes("u"), fields.bytes("out"));
            });
        }
        final JsonNode iterated = root.get("iterated");
        iterated.fieldNames().forEachRemaining(field -> {
            if (field.startsWith(ITERATION)) {
                log.check("iterated " + field, iterated, fields -> iterates(fields, field));
            }
        });
        log.check("dh", root.get("dh"), this::exchanges);
    }

    private void multiplies(CaseFields fields, MemorySegment scalar, MemorySegment u, MemorySegment expected) {
        final MemorySegment facade = fields.blank(X25519Keys.LENGTH);
        Expectation.verdict("facade", true, X25519Keys.sharedSecret(facade, scalar, u));
        Expectation.equal("facade", expected, facade);
        final MemorySegment batch = fields.blank(X25519Keys.LENGTH);
        Expectation.verdict(provider.name(), true, provider.x25519(fields.arena(), batch, scalar, u));
        Expectation.equal(provider.name(), expected, batch);
    }

    private static void iterates(CaseFields fields, String field) {
        final int rounds;
        try {
            rounds = Integer.parseInt(field.substring(ITERATION.length()));
        } catch (NumberFormatException e) {
            throw new VectorMismatch("malformed: no number of rounds in " + field);
        }
        if (rounds < 0 || rounds > MOST_ROUNDS) {
            throw new VectorMismatch("malformed: must be at most " + MOST_ROUNDS + " rounds: " + field);
        }
        final MemorySegment scalar = fields.bytes("start");
        final MemorySegment u = fields.bytes("start");
        final MemorySegment out = fields.blank(X25519Keys.LENGTH);
        for (int i = 0; i < rounds; i++) {
            Expectation.verdict("facade", true, X25519Keys.sharedSecret(out, scalar, u));
            u.copyFrom(scalar);
            scalar.copyFrom(out);
        }
        Expectation.equal(field, fields.bytes(field), scalar);
    }

    private void exchanges(CaseFields fields) {
        final MemorySegment alice = fields.bytes("alice_private");
        final MemorySegment bob = fields.bytes("bob_private");
        final MemorySegment publicKey = fields.blank(X25519Keys.LENGTH);
        X25519Keys.publicKey(publicKey, alice);
        Expectation.equal("alice_public", fields.bytes("alice_public"), publicKey);
        X25519Keys.publicKey(publicKey, bob);
        Expectation.equal("bob_public", fields.bytes("bob_public"), publicKey);
        multiplies(fields, alice, fields.bytes("bob_public"), fields.bytes("shared"));
        multiplies(fields, bob, fields.bytes("alice_public"), fields.bytes("shared"));
    }
}
