package io.millrace.tlog;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A file that shows, without the log, that it has a receipt: inclusion proof and signed checkpoint. Immutable.
 *
 * <p>Source: C2SP tlog-proof.
 *
 * @param extra opaque and not authenticated; may be empty, ours is.
 * @param index of the receipt.
 * @param path of the inclusion proof.
 * @param checkpoint of the tree that has the receipt.
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
public record TlogProof(byte[] extra, long index, List<Hash> path, SignedNote checkpoint) {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final int MAX_LENGTH = 1024 * 1024;
    private static final int MAX_PATH = 63;

    public TlogProof {
        extra = extra.clone();
        path = List.copyOf(path);
    }

    @Override
    public byte[] extra() {
        return extra.clone();
    }

    /**
     * Reads a file.
     *
     * @param bytes of the file.
     */
    public static TlogProof parse(byte[] bytes) throws MalformedException {
        if (bytes.length > MAX_LENGTH) {
            throw new MalformedException("a proof of more than " + MAX_LENGTH + " bytes");
        }
        final LineReader lines = new LineReader(SignedNote.utf8(bytes));
        if (!lines.next().equals(HEADER)) {
            throw new MalformedException("not a proof: the first line must be " + HEADER);
        }
        String line = lines.next();
        byte[] extra = {};
        if (line.startsWith("extra ")) {
            extra = Base64Lines.decode(line.substring("extra ".length()));
            line = lines.next();
        }
        if (!line.startsWith("index ")) {
            throw new MalformedException("not a proof: no index");
        }
        final long index = Base64Lines.decimal("the index of a proof", line.substring("index ".length()));
        final List<Hash> path = lines.hashes(MAX_PATH);
        return new TlogProof(extra, index, path, SignedNote.parse(lines.rest()));
    }

    /**
     * Checks that the log contains {@code receipt}.
     *
     * @param receipt encoding of the receipt.
     * @param policy which signatures the checkpoint needs.
     * @return the checkpoint of the tree that has the receipt.
     */
    public Checkpoint verify(byte[] receipt, CheckpointPolicy policy) throws MalformedException, RefusedException {
        final Checkpoint verified = Checkpoint.verified(checkpoint, policy);
        if (!new InclusionProof(index, verified.size(), path).verify(MerkleHash.leaf(receipt), verified.root())) {
            throw new RefusedException(
                    "the receipt is not at that index of the log: index=" + index + ", size=" + verified.size());
        }
        return verified;
    }

    /** The file. */
    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(HEADER).append('\n');
        if (extra.length > 0) {
            text.append("extra ")
                    .append(Base64.getEncoder().encodeToString(extra))
                    .append('\n');
        }
        text.append("index ").append(index).append('\n');
        path.forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }

    /** Lines of a text, each ended by a newline. */
    static final class LineReader {
        private final String text;
        private int at;

        LineReader(String text) {
            this.text = text;
        }

        String next() throws MalformedException {
            final int end = text.indexOf('\n', at);
            if (end < 0) {
                throw new MalformedException("a proof ends too early");
            }
            final String line = text.substring(at, end);
            at = end + 1;
            return line;
        }

        /** Hashes up to an empty line. */
        List<Hash> hashes(int maxCount) throws MalformedException {
            final List<Hash> hashes = new ArrayList<>();
            for (String line = next(); !line.isEmpty(); line = next()) {
                if (hashes.size() == maxCount) {
                    throw new MalformedException("a proof of more than " + maxCount + " hashes");
                }
                hashes.add(Hash.ofBase64(line));
            }
            return hashes;
        }

        String rest() {
            return text.substring(at);
        }
    }
}
