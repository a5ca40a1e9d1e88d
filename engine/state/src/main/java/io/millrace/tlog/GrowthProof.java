package io.millrace.tlog;

import java.util.List;

/**
 * A file that shows, without the log, that a later checkpoint continues an earlier one: the request to a witness for a
 * cosignature. Immutable.
 *
 * <p>Source: C2SP tlog-witness, the body of {@code add-checkpoint}.
 *
 * @param oldSize of the earlier checkpoint.
 * @param path of the consistency proof.
 * @param checkpoint the later one.
 */
public record GrowthProof(long oldSize, List<Hash> path, SignedNote checkpoint) {
    private static final int MAX_PATH = 63;
    private static final int MAX_LENGTH = 1024 * 1024;

    public GrowthProof {
        path = List.copyOf(path);
    }

    /**
     * Reads a file.
     *
     * @param bytes of the file.
     */
    public static GrowthProof parse(byte[] bytes) throws MalformedException {
        if (bytes.length > MAX_LENGTH) {
            throw new MalformedException("a proof of more than " + MAX_LENGTH + " bytes");
        }
        final TlogProof.LineReader lines = new TlogProof.LineReader(SignedNote.utf8(bytes));
        final String line = lines.next();
        if (!line.startsWith("old ")) {
            throw new MalformedException("not a consistency proof: the first line must be: old SIZE");
        }
        final long oldSize = Base64Lines.decimal("the old size", line.substring("old ".length()));
        final List<Hash> path = lines.hashes(MAX_PATH);
        return new GrowthProof(oldSize, path, SignedNote.parse(lines.rest()));
    }

    /**
     * Checks that the later checkpoint continues {@code earlier}.
     *
     * @param earlier checkpoint that the caller has checked before.
     * @param policy which signatures the later checkpoint needs.
     * @return the later checkpoint.
     */
    public Checkpoint verify(Checkpoint earlier, CheckpointPolicy policy) throws MalformedException, RefusedException {
        final Checkpoint later = Checkpoint.verified(checkpoint, policy);
        if (earlier.size() != oldSize) {
            throw new RefusedException("the proof starts at another size than the earlier checkpoint: old=" + oldSize
                    + ", size=" + earlier.size());
        }
        // Every log continues the empty one, whose root was checked when the checkpoint was read.
        final boolean continues = oldSize == 0
                ? path.isEmpty()
                : new ConsistencyProof(oldSize, later.size(), path).verify(earlier.root(), later.root());
        if (!continues) {
            throw new RefusedException("the later checkpoint does not continue the earlier one: old=" + oldSize
                    + ", size=" + later.size());
        }
        return later;
    }

    /** The file. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder("old ").append(oldSize).append('\n');
        path.forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }
}
