package io.millrace.tlog;

import java.util.List;

/**
 * Shows that a tree begins with all of an earlier one: nothing was removed, changed or inserted since.
 *
 * <p>Source: RFC 9162 section 2.1.4.
 *
 * @param oldSize of the earlier tree in leaves.
 * @param newSize of the later one.
 * @param path of hashes; empty if the sizes are equal or the earlier tree is empty.
 */
public record ConsistencyProof(long oldSize, long newSize, List<Hash> path) {
    public ConsistencyProof {
        path = List.copyOf(path);
    }

    /**
     * Whether the tree of {@link #newSize} leaves with root {@code newRoot} begins with that of {@link #oldSize} leaves
     * with root {@code oldRoot}. Equal sizes need equal roots. Of the empty tree nothing can be proved: it is refused.
     *
     * @param oldRoot of the tree of {@link #oldSize} leaves.
     * @param newRoot of the tree of {@link #newSize} leaves.
     */
    public boolean verify(Hash oldRoot, Hash newRoot) {
        if (oldSize < 1 || newSize < oldSize) {
            return false;
        }
        if (oldSize == newSize) {
            return path.isEmpty() && oldRoot.equals(newRoot);
        }
        return !path.isEmpty() && walk(oldRoot, newRoot);
    }

    private boolean walk(Hash oldRoot, Hash newRoot) {
        long at = oldSize - 1;
        long last = newSize - 1;
        while ((at & 1) == 1) {
            at >>>= 1;
            last >>>= 1;
        }
        // A whole subtree is its own first node; it is not repeated in the proof.
        int next = 0;
        final Hash first = at == 0 ? oldRoot : path.get(next++);
        Hash oldHash = first;
        Hash newHash = first;
        while (next < path.size()) {
            final Hash sibling = path.get(next++);
            if (last == 0) {
                return false; // a node too many
            }
            if ((at & 1) == 1 || at == last) {
                oldHash = MerkleHash.node(sibling, oldHash);
                newHash = MerkleHash.node(sibling, newHash);
                while ((at & 1) == 0 && at != 0) {
                    at >>>= 1;
                    last >>>= 1;
                }
            } else {
                newHash = MerkleHash.node(newHash, sibling);
            }
            at >>>= 1;
            last >>>= 1;
        }
        return last == 0 && oldHash.equals(oldRoot) && newHash.equals(newRoot);
    }
}
