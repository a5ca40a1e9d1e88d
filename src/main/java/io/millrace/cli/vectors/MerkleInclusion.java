package io.millrace.cli.vectors;

import io.millrace.tlog.Hash;
import io.millrace.tlog.InclusionProof;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Inclusion proofs of RFC 6962 trees, good and tampered with.
 *
 * <p>Source: transparency-dev/merkle.
 */
final class MerkleInclusion extends ListShape {
    MerkleInclusion() {
        super(
                "merkle inclusion",
                "case",
                Set.of("leafIdx", "treeSize", "root", "leafHash", "proof", "desc", "wantErr"),
                Set.of("case"));
    }

    @Override
    void check(CaseFields fields) {
        final Optional<List<Hash>> path = MerkleFields.path(fields);
        // An entry or root of no bytes is none.
        final boolean accepted = path.isPresent()
                && !fields.text("leafHash").isEmpty()
                && !fields.text("root").isEmpty()
                && new InclusionProof(fields.unsigned("leafIdx"), fields.unsigned("treeSize"), path.get())
                        .verify(MerkleFields.hash(fields, "leafHash"), MerkleFields.hash(fields, "root"));
        Expectation.verdict("verification", !MerkleFields.wantsRefusal(fields), accepted);
    }
}
