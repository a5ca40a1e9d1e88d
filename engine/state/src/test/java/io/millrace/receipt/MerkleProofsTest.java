package io.millrace.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.ShortSha256;
import io.millrace.tlog.ConsistencyProof;
import io.millrace.tlog.Hash;
import io.millrace.tlog.InclusionProof;
import io.millrace.tlog.MerkleHash;
import io.millrace.tlog.ProofBuilder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trees up to a size where every shape has occurred, against the recursive definition of RFC 9162. */
class MerkleProofsTest {
    private static final int MAX_SIZE = 70;

    private final List<Hash> leaves = leaves(MAX_SIZE + 1);
    private final ProofBuilder proofs = new ProofBuilder(ranges -> ranges.stream()
            .map(range -> definition(leaves.subList((int) range.from(), (int) range.to())))
            .toList());

    @Test
    void everyInclusionProofVerifiesAtItsPlaceAndNowhereElse() {
        for (int size = 1; size <= MAX_SIZE; size++) {
            final Hash root = definition(leaves.subList(0, size));
            for (int index = 0; index < size; index++) {
                final InclusionProof proof = proofs.inclusion(index, size);
                assertThat(proof.verify(leaves.get(index), root)).isTrue();
                assertThat(proof.verify(leaves.get(size), root)).isFalse();
                for (int other = 0; other <= size; other++) {
                    if (other != index) {
                        assertThat(new InclusionProof(other, size, proof.path()).verify(leaves.get(index), root))
                                .as("leaf %d at %d of %d", index, other, size)
                                .isFalse();
                    }
                }
            }
        }
    }

    @Test
    void aMissingOrAnAdditionalNodeFails() {
        for (int size = 1; size <= MAX_SIZE; size++) {
            final Hash root = definition(leaves.subList(0, size));
            for (int index = 0; index < size; index++) {
                final List<Hash> path = proofs.inclusion(index, size).path();
                for (int i = 0; i < path.size(); i++) {
                    assertThat(new InclusionProof(index, size, without(path, i)).verify(leaves.get(index), root))
                            .isFalse();
                }
                for (int i = 0; i <= path.size(); i++) {
                    assertThat(new InclusionProof(index, size, with(path, i, root)).verify(leaves.get(index), root))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void everyConsistencyProofVerifiesAndNoChangedOneDoes() {
        for (int newSize = 1; newSize <= MAX_SIZE; newSize++) {
            final Hash newRoot = definition(leaves.subList(0, newSize));
            for (int oldSize = 1; oldSize <= newSize; oldSize++) {
                final Hash oldRoot = definition(leaves.subList(0, oldSize));
                final ConsistencyProof proof = proofs.consistency(oldSize, newSize);
                assertThat(proof.verify(oldRoot, newRoot))
                        .as("%d to %d", oldSize, newSize)
                        .isTrue();
                assertThat(proof.verify(leaves.getLast(), newRoot)).isFalse();
                if (newSize != oldSize) {
                    assertThat(proof.verify(oldRoot, leaves.getLast())).isFalse();
                }
                for (int i = 0; i < proof.path().size(); i++) {
                    assertThat(new ConsistencyProof(oldSize, newSize, without(proof.path(), i))
                                    .verify(oldRoot, newRoot))
                            .isFalse();
                }
                for (int i = 0; i <= proof.path().size(); i++) {
                    assertThat(new ConsistencyProof(oldSize, newSize, with(proof.path(), i, newRoot))
                                    .verify(oldRoot, newRoot))
                            .isFalse();
                }
            }
        }
    }

    @Test
    void equalSizesNeedEqualRootsAndASmallerLaterTreeIsRefused() {
        assertThat(new ConsistencyProof(5, 5, List.of()).verify(leaves.get(0), leaves.get(1)))
                .isFalse();
        assertThat(new ConsistencyProof(0, 0, List.of()).verify(leaves.get(0), MerkleHash.EMPTY_ROOT))
                .isFalse();
        assertThat(new ConsistencyProof(5, 4, List.of()).verify(leaves.get(0), leaves.get(0)))
                .isFalse();
        assertThat(new ConsistencyProof(0, 4, List.of()).verify(leaves.get(0), leaves.get(1)))
                .isFalse();
        assertThat(new InclusionProof(0, 0, List.of()).verify(leaves.get(0), leaves.get(0)))
                .isFalse();
        assertThat(new InclusionProof(-1, 1, List.of()).verify(leaves.get(0), leaves.get(0)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFrontierGrowsInAnyStepsToTheSameRoots(boolean fastest) {
        try (Arena arena = Arena.ofConfined()) {
            final ShortSha256 sha256 = fastest ? ShortSha256.fastest(arena) : ShortSha256.sodium(arena);
            final MemorySegment root = arena.allocate(Hash.LENGTH);
            for (int step = 1; step <= MAX_SIZE; step++) {
                final MerkleFrontier frontier = new MerkleFrontier(arena, sha256, step);
                while (frontier.size() < MAX_SIZE) {
                    final int count = (int) Math.min(step, MAX_SIZE - frontier.size());
                    for (int i = 0; i < count; i++) {
                        leaves.get((int) frontier.size() + i)
                                .copyTo(frontier.leaves(), frontier.leavesPosition() + (long) i * Hash.LENGTH);
                    }
                    frontier.append(count);
                    frontier.root(root, 0);
                    assertThat(Hash.of(root, 0))
                            .as("step %d, size %d", step, frontier.size())
                            .isEqualTo(definition(leaves.subList(0, (int) frontier.size())));
                }
            }
        }
    }

    /** MTH of RFC 9162 section 2.1.1, as given there. */
    private static Hash definition(List<Hash> leaves) {
        if (leaves.isEmpty()) {
            return MerkleHash.EMPTY_ROOT;
        }
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int k = 1;
        while (2 * k < leaves.size()) {
            k *= 2;
        }
        return MerkleHash.node(definition(leaves.subList(0, k)), definition(leaves.subList(k, leaves.size())));
    }

    private static List<Hash> leaves(int count) {
        final List<Hash> leaves = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            leaves.add(MerkleHash.leaf(new byte[] {(byte) i}));
        }
        return leaves;
    }

    private static List<Hash> without(List<Hash> path, int i) {
        final List<Hash> shorter = new ArrayList<>(path);
        shorter.remove(i);
        return shorter;
    }

    private static List<Hash> with(List<Hash> path, int i, Hash hash) {
        final List<Hash> longer = new ArrayList<>(path);
        longer.add(i, hash);
        return longer;
    }
}
