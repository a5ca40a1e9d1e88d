package io.millrace.node.config;

import io.millrace.crdt.op.EquivocationProof;
import io.millrace.crdt.op.OperationCodec;
import io.millrace.crdt.op.OperationVerifier;
import io.millrace.crdt.op.Revocation;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.OperationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One {@code [[actor]]} of a registry: {@code name}, {@code public-key}, and for a revoked actor {@code revoked-after}, the
 * last valid operation (several for several documents), or {@code revoked-by}, files with proofs of equivocation.
 *
 * @param name for people.
 * @param actor the key.
 * @param revocation of a revoked actor.
 */
record ActorEntry(String name, ActorId actor, Optional<Revocation> revocation) {
    private static final int ID_LENGTH = 32;

    /** The first public key of RFC 8032, section 7.1. */
    private static final String EXAMPLE = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    private static final Key<String> NAME = Key.of("name", ValueForms.text(), "alice", "Names the actor for people.")
            .required();

    static final Key<String> PUBLIC_KEY = Key.of(
                    "public-key",
                    ValueForms.hex(ID_LENGTH, List.of(EXAMPLE)),
                    EXAMPLE,
                    "Gives the Ed25519 key of the actor, as keygen prints it; unique in the file.")
            .required();

    private static final Key<List<String>> REVOKED_AFTER = Key.of(
            "revoked-after",
            ValueForms.several(ValueForms.hex(ID_LENGTH), "names of operations, each 32 bytes in hex"),
            "79".repeat(ID_LENGTH),
            "Refuses all operations of the actor after this one; an array names one operation per document.");

    private static final Key<List<String>> REVOKED_BY = Key.of(
            "revoked-by",
            ValueForms.several(ValueForms.text(), "paths, relative to this file's folder"),
            "alice.proof",
            "Names a proof of equivocation, as twin verify writes it, which revokes the actor; or an array of them.");

    /** The table. */
    static final Section SECTION = new Section(
            "actor",
            true,
            "Names an actor whose operations a signed document accepts.",
            List.of(NAME, PUBLIC_KEY, REVOKED_AFTER, REVOKED_BY));

    /**
     * Reads one entry.
     *
     * @throws io.millrace.text.ConfigException if it is not valid.
     * @throws IOException if a proof cannot be read.
     */
    static ActorEntry of(Given given) throws IOException {
        final String name = given.value(NAME);
        final ActorId actor = ActorId.ofHex(given.value(PUBLIC_KEY));
        if (!given.has(REVOKED_AFTER) && !given.has(REVOKED_BY)) {
            return new ActorEntry(name, actor, Optional.empty());
        }
        final Set<OperationId> lastValid = new HashSet<>();
        for (String id : given.get(REVOKED_AFTER).orElse(List.of())) {
            lastValid.add(OperationId.ofHex(id));
        }
        for (String file : given.get(REVOKED_BY).orElse(List.of())) {
            lastValid.addAll(proved(given, actor, file).lastValid());
        }
        try {
            return new ActorEntry(name, actor, Optional.of(new Revocation(lastValid)));
        } catch (IllegalArgumentException e) {
            throw given.wrong(e.getMessage(), REVOKED_AFTER, REVOKED_BY);
        }
    }

    private static Revocation proved(Given given, ActorId actor, String name) throws IOException {
        final Path file = given.file().toAbsolutePath().resolveSibling(name);
        if (Files.size(file) > EquivocationProof.MAX_LENGTH) {
            throw given.wrong("not a proof of equivocation", REVOKED_BY);
        }
        try (OperationCodec codec = new OperationCodec();
                OperationVerifier verifier = new OperationVerifier()) {
            final EquivocationProof proof = EquivocationProof.decode(Files.readAllBytes(file), codec)
                    .orElseThrow(() -> given.wrong("not a proof of equivocation", REVOKED_BY));
            if (!proof.actor().equals(actor)) {
                throw given.wrong("proves an equivocation of another actor", REVOKED_BY);
            }
            return Revocation.by(proof, verifier);
        } catch (IllegalArgumentException e) {
            throw given.wrong(e.getMessage(), REVOKED_BY);
        }
    }
}
