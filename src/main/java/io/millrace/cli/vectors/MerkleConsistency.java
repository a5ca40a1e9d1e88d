package io.millrace.cli.vectors;

import io.millrace.tlog.ConsistencyProof;
import io.millrace.tlog.Hash;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Consistency proofs of RFC 6962 trees, good and tampered with.
 *
 * <p>Source: transparency-dev/merkle.
 */
final class MerkleConsistency extends ListShape {
    MerkleConsistency() {
        super(
                "merkle consistency",
                "case",
                Set.of("size1", "size2", "root1", "root2", "proof", "desc", "wantErr"),
                Set.of("case"));
    }

    @Override
    void check(CaseFields fields) {
        final Optional<List<Hash>> path = MerkleFields.path(fields);
        final boolean accepted = path.isPresent()
                && new ConsistencyProof(fields.unsigned("size1"), fields.unsigned("size2"), path.get())
                        .verify(MerkleFields.hash(fields, "root1"), MerkleFields.hash(fields, "root2"));
        Expectation.verdict("verification", !MerkleFields.wantsRefusal(fields), accepted);
    }
}
