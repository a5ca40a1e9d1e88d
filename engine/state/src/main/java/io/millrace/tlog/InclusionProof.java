package io.millrace.tlog;

import java.util.List;

/**
 * Proof that a leaf is at an index of a tree.
 *
 * <p>Source: RFC 9162 section 2.1.3.
 *
 * @param index of the leaf.
 * @param size of the tree in leaves.
 * @param path sibling hashes on the way from the leaf to the root, the leaf's sibling first.
 */
public record InclusionProof(long index, long size, List<Hash> path) {
    public InclusionProof {
        path = List.copyOf(path);
    }

    /**
     * Whether {@code leaf} is at {@link #index} of the tree of {@link #size} leaves with that root. An index outside
     * the tree, a node too few and a node too many are refused.
     *
     * @param leaf hash of the leaf.
     * @param root of the tree of {@link #size} leaves.
     */
    public boolean verify(Hash leaf, Hash root) {
        if (index < 0 || size < 1 || index >= size) {
            return false;
        }
        long at = index;
        long last = size - 1;
        Hash hash = leaf;
        for (Hash sibling : path) {
            if (last == 0) {
                return false; // the root was reached: a node too many
            }
            if ((at & 1) == 1 || at == last) {
                hash = MerkleHash.node(sibling, hash);
                while ((at & 1) == 0 && at != 0) {
                    at >>>= 1; // no sibling on these levels: the right edge of the tree
                    last >>>= 1;
                }
            } else {
                hash = MerkleHash.node(hash, sibling);
            }
            at >>>= 1;
            last >>>= 1;
        }
        return last == 0 && hash.equals(root);
    }
}
