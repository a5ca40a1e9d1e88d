package io.millrace.cli.vectors;

import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Fields of the Merkle cases. A proof with a node of another length than 32 bytes is refused. Cases in which roots are only
 * compared have words in their place: the hash of such a word stands for it.
 */
final class MerkleFields {
    private MerkleFields() {}

    static boolean wantsRefusal(CaseFields fields) {
        return Boolean.parseBoolean(fields.text("wantErr"));
    }

    static Hash hash(CaseFields fields, String field) {
        final String text = fields.text(field);
        return hash(text).orElseGet(() -> MerkleHash.leaf(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The hashes under {@code proof}; null counts as none. */
    static Optional<List<Hash>> path(CaseFields fields) {
        final List<Hash> path = new ArrayList<>();
        for (final String text : fields.texts("proof")) {
            final Optional<Hash> hash = hash(text);
            if (hash.isEmpty()) {
                return Optional.empty();
            }
            path.add(hash.get());
        }
        return Optional.of(path);
    }

    private static Optional<Hash> hash(String base64) {
        try {
            return Optional.of(Hash.of(Base64.getDecoder().decode(base64)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
