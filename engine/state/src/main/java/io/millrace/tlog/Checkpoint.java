package io.millrace.tlog;

import java.util.ArrayList;
import java.util.List;

/**
 * A log's statement of its size and root. Immutable.
 *
 * <p>Source: C2SP tlog-checkpoint.
 *
 * @param origin identifies the log; here the name of its key.
 * @param size in leaves.
 * @param root of the tree of that size.
 * @param extensions further lines; none in Millrace's checkpoints.
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {
    public Checkpoint {
        extensions = List.copyOf(extensions);
    }

    /** A checkpoint without extensions. */
    public Checkpoint(String origin, long size, Hash root) {
        this(origin, size, root, List.of());
    }

    /**
     * Reads the text of a note. It counts for nothing before a signature has been checked: see {@link #verified}.
     *
     * @param text of a note, without signatures.
     */
    public static Checkpoint parse(String text) throws MalformedException {
        final String[] lines = text.split("\n", -1);
        if (lines.length < 4 || !lines[lines.length - 1].isEmpty()) {
            throw new MalformedException("a checkpoint has three lines or more");
        }
        for (int i = 0; i < lines.length - 1; i++) {
            if (lines[i].isEmpty()) {
                throw new MalformedException("a checkpoint has no empty lines");
            }
        }
        final long size = Base64Lines.decimal("the size of a checkpoint", lines[1]);
        final Hash root = Hash.ofBase64(lines[2]);
        if (size == 0 && !root.equals(MerkleHash.EMPTY_ROOT)) {
            throw new MalformedException("a checkpoint of an empty log has the root of the empty tree");
        }
        final List<String> extensions = new ArrayList<>(List.of(lines).subList(3, lines.length - 1));
        return new Checkpoint(lines[0], size, root, extensions);
    }

    /**
     * Reads a signed checkpoint and checks it: the origin is the policy's, the log signed it, no signature of a known key is
     * wrong, and enough witnesses cosigned it.
     *
     * @param note the signed checkpoint.
     * @param policy which signatures it needs.
     * @throws RefusedException if one of this does not hold; the message says which.
     */
    public static Checkpoint verified(SignedNote note, CheckpointPolicy policy)
            throws MalformedException, RefusedException {
        final Checkpoint checkpoint = parse(note.text());
        final VerifierKey log = policy.log();
        if (!checkpoint.origin.equals(policy.origin())) {
            throw new RefusedException(
                    "the checkpoint is of another log: origin=" + checkpoint.origin + ", expected=" + policy.origin());
        }
        switch (note.check(log)) {
            case ABSENT -> throw new RefusedException("the checkpoint is not signed by the log's key: " + log);
            case INVALID -> throw new RefusedException("the log's signature under the checkpoint is wrong: " + log);
            case VALID -> {}
        }
        int cosigned = 0;
        for (VerifierKey witness : policy.witnesses()) {
            switch (note.check(witness)) {
                case INVALID -> throw new RefusedException("the witness's signature is wrong: " + witness);
                case VALID -> cosigned++;
                case ABSENT -> {}
            }
        }
        if (cosigned < policy.quorum()) {
            throw new RefusedException("too few witnesses: cosigned=" + cosigned + ", needed=" + policy.quorum());
        }
        return checkpoint;
    }

    /** The text that is signed. */
    public String text() {
        final StringBuilder text = new StringBuilder(origin)
                .append('\n')
                .append(size)
                .append('\n')
                .append(root.base64())
                .append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
