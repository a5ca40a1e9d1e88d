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
    /**
     * Reads one entry.
     *
     * @throws io.millrace.text.ConfigException if it is not valid.
     * @throws IOException if a proof cannot be read.
     */
    static ActorEntry read(TomlTable table) throws IOException {
        final String name = table.text("name");
        final String key = table.text("public-key");
        final List<String> after = table.texts("revoked-after");
        final List<String> proofs = table.texts("revoked-by");
        table.finish();
        final ActorId actor;
        try {
            actor = ActorId.ofHex(key);
        } catch (IllegalArgumentException e) {
            throw table.wrong("must be 64 hexadecimal digits", "public-key", key);
        }
        if (after.isEmpty() && proofs.isEmpty()) {
            return new ActorEntry(name, actor, Optional.empty());
        }
        final Set<OperationId> lastValid = new HashSet<>();
        for (final String id : after) {
            try {
                lastValid.add(OperationId.ofHex(id));
            } catch (IllegalArgumentException e) {
                throw table.wrong("must be the name of an operation, 64 hexadecimal digits", "revoked-after", id);
            }
        }
        for (final String file : proofs) {
            lastValid.addAll(proved(table, actor, file).lastValid());
        }
        try {
            return new ActorEntry(name, actor, Optional.of(new Revocation(lastValid)));
        } catch (IllegalArgumentException e) {
            throw table.wrong(e.getMessage(), "revoked-after");
        }
    }

    private static Revocation proved(TomlTable table, ActorId actor, String name) throws IOException {
        final Path file = table.file().toAbsolutePath().resolveSibling(name);
        if (Files.size(file) > EquivocationProof.MAX_LENGTH) {
            throw table.wrong("not a proof of equivocation", "revoked-by", name);
        }
        try (OperationCodec codec = new OperationCodec();
                OperationVerifier verifier = new OperationVerifier()) {
            final EquivocationProof proof = EquivocationProof.decode(Files.readAllBytes(file), codec)
                    .orElseThrow(() -> table.wrong("not a proof of equivocation", "revoked-by", name));
            if (!proof.actor().equals(actor)) {
                throw table.wrong("proves an equivocation of another actor", "revoked-by", name);
            }
            return Revocation.by(proof, verifier);
        } catch (IllegalArgumentException e) {
            throw table.wrong(e.getMessage(), "revoked-by", name);
        }
    }
}
