package io.millrace.receipt;

import io.millrace.crypto.ShortSha256;
import io.millrace.tlog.Checkpoint;
import io.millrace.tlog.Hash;
import io.millrace.tlog.MerkleHash;
import io.millrace.tlog.ProofBuilder;
import io.millrace.tlog.SignedNote;
import io.millrace.tlog.VerifierKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a log and makes proofs from it, without its key and while another process may append. Each call reads the log
 * from its beginning; records that are appended meanwhile are not seen.
 *
 * <p>Not thread safe.
 */
public final class LogReader {
    private final ReceiptRecords records;

    /**
     * Content of a log.
     *
     * @param first index of the first receipt that is still there; 0 unless segments were deleted.
     * @param size receipts, deleted ones included.
     * @param root over them.
     * @param abandoned receipts of batches that never ended; not in the log.
     * @param checkpoint the newest signed one; the signature is not checked here.
     * @param fault first record that does not fit, where reading ended; empty if all fit.
     */
    public record State(
            long first, long size, Hash root, long abandoned, Optional<Stored> checkpoint, Optional<String> fault) {}

    /**
     * A checkpoint as the log keeps it: without its origin.
     *
     * @param size of the log in receipts.
     * @param root of the tree of that size.
     * @param signature of the log's key, 64 bytes.
     */
    @SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
    public record Stored(long size, Hash root, byte[] signature) {
        public Stored {
            signature = signature.clone();
        }

        @Override
        public byte[] signature() {
            return signature.clone();
        }

        /**
         * As a note of the log with that key.
         *
         * @param key of the log.
         */
        public SignedNote note(VerifierKey key) {
            return LogKey.note(new Checkpoint(key.name(), size, root), signature, key);
        }
    }

    /**
     * One receipt of the log.
     *
     * @param index in the log.
     * @param encoding of the receipt.
     * @param signature the {@link ReceiptSignature} with the receipt's place in the log, or empty.
     */
    @SuppressWarnings("ArrayRecordComponent") // copied in and out; never compared
    public record Entry(long index, byte[] encoding, Optional<byte[]> signature) {
        public Entry {
            encoding = encoding.clone();
        }

        @Override
        public byte[] encoding() {
            return encoding.clone();
        }
    }

    /** Receives receipts. */
    @FunctionalInterface
    public interface EntryVisitor {
        /**
         * Takes one receipt; false ends the reading.
         *
         * @param entry the next one, valid during the call.
         */
        boolean entry(Entry entry);
    }

    /**
     * Reads from {@code records}, which stay its owner's.
     *
     * @param records of the log; stay their owner's.
     */
    public LogReader(ReceiptRecords records) {
        this.records = records;
    }

    /** Reads and hashes all. */
    public State state() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final LogFollower follower = follow(arena, null);
            return new State(
                    follower.first(),
                    follower.size(),
                    follower.root(),
                    follower.abandoned(),
                    follower.signed().map(last -> new Stored(last.size(), last.root(), last.signature())),
                    follower.fault());
        }
    }

    /**
     * Tells receipts from {@code from} on, up to the first that does not fit.
     *
     * @param from first index, 0 or more.
     * @param visitor called for each receipt.
     */
    public void forEach(long from, EntryVisitor visitor) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final ReceiptOrder order = new ReceiptOrder(MerkleHash.EMPTY_ROOT);
            follow(arena, new LogFollower.Listener() {
                @Override
                public boolean record(MemorySegment record) {
                    return tell(record, from, order, visitor);
                }

                @Override
                public boolean segment(MemorySegment record) {
                    order.segment(record);
                    return true;
                }
            });
        }
    }

    /**
     * The receipt at {@code index}, if the log has it.
     *
     * @param index 0 or more.
     */
    public Optional<Entry> entry(long index) throws IOException {
        final List<Entry> found = new ArrayList<>();
        forEach(index, entry -> {
            found.add(entry);
            return false;
        });
        return found.stream().findFirst();
    }

    /** Makes proofs; they read the log when they are made and throw {@link UncheckedIOException} if they cannot. */
    public ProofBuilder proofs() {
        return new ProofBuilder(ranges -> {
            try (Arena arena = Arena.ofConfined()) {
                return hash(arena, ranges);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private LogFollower follow(Arena arena, LogFollower.Listener listener) throws IOException {
        final LogFollower follower = new LogFollower(arena, ShortSha256.fastest(arena), listener);
        records.forEach(follower);
        return follower;
    }

    private static boolean tell(MemorySegment record, long from, ReceiptOrder order, EntryVisitor visitor) {
        final int count = BatchRecord.count(record);
        final long first = BatchRecord.firstIndex(record);
        final boolean each = BatchRecord.has(record, BatchRecord.EACH_SIGNED);
        for (int i = each ? 0 : Math.clamp(from - first, 0, count); i < count; i++) {
            final byte[] encoding = BatchRecord.encoding(record, i);
            final Optional<byte[]> signature = each
                    ? Optional.of(ReceiptSignature.of(first + i, order.prior(), BatchRecord.eachSignature(record, i)))
                    : Optional.empty();
            if (each) {
                order.pass(encoding);
            }
            if (first + i >= from && !visitor.entry(new Entry(first + i, encoding, signature))) {
                return false;
            }
        }
        order.end(record);
        return true;
    }

    private List<Hash> hash(Arena arena, List<ProofBuilder.Range> ranges) throws IOException {
        final RangeHashes hashes = new RangeHashes(arena, ranges, records);
        follow(arena, hashes);
        if (hashes.found().size() != ranges.size()) {
            throw new IOException("the log does not reach the receipt to be proved: proved="
                    + hashes.found().size() + " of " + ranges.size() + " hashes");
        }
        return hashes.found();
    }
}
