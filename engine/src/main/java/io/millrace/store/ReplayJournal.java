package io.millrace.store;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The replay tags of one key epoch on disk: a batch of tags a record, written before the batch's packets go on. Deleted
 * as a whole when the epoch is over.
 *
 * <p>What was appended survives the death of the process. A loss of power takes at most what came after the last group
 * commit, or nothing at all if tags are made durable first.
 *
 * <p>Appending allocates nothing. Threading: {@link #append} belongs to one thread.
 */
public final class ReplayJournal {
    /** Most tags in one batch. */
    public static final int MAX_BATCH = 256;

    private static final int TAG_LENGTH = 16;

    /** Room for 40,000 to 64,000 tags; the committer makes the next while this one fills. */
    private static final int CHUNK_LENGTH = 1 << 20;

    private static final ValueLayout.OfLong LE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Store store;
    private final long epoch;
    private final AppendLog log;
    private final boolean durableFirst;

    private ReplayJournal(Store store, long epoch, AppendLog log, boolean durableFirst) {
        this.store = store;
        this.epoch = epoch;
        this.log = log;
        this.durableFirst = durableFirst;
    }

    /**
     * Opens the journal of an epoch, and makes it where there is none.
     *
     * @param key names the relay's key, in lower-case letters and digits.
     * @param epoch 0 or more.
     * @param durableFirst whether {@link #append} returns only when the tags are on the disk: safe against a loss of power
     *     too, and slower by one write to the disk a batch.
     * @throws StoreException if the journal is damaged or there is no room for it.
     */
    public static ReplayJournal open(Store store, String key, long epoch, boolean durableFirst) throws IOException {
        final LogLayout layout = new LogLayout(name(key, epoch), MAX_BATCH * TAG_LENGTH, CHUNK_LENGTH);
        return new ReplayJournal(store, epoch, store.log(layout), durableFirst);
    }

    /**
     * Erases the journal of an epoch that is over, without opening it; there need not be one.
     *
     * @param store in which it is not open.
     * @param key names the relay's key, as for {@link #open}.
     * @param epoch 0 or more.
     * @return proof that there is no such journal.
     */
    public static JournalErasure eraseLeft(Store store, String key, long epoch) throws IOException {
        final String name = name(key, epoch);
        store.eraseLeft(name + Store.LOG_ENDING);
        return new JournalErasure(name, epoch);
    }

    /** Shows all tags to {@code visitor}, in the order in which they came, as many at once as there are. */
    public void forEach(Visitor visitor) {
        final Gathering gathering = new Gathering(visitor);
        log.forEach(gathering);
        gathering.flush();
    }

    /**
     * Writes the tags of one batch down, all or none of them.
     *
     * @param count 1 to {@link #MAX_BATCH}.
     * @param lows bytes 0 to 7 of each tag as little-endian words.
     * @param highs bytes 8 to 15.
     * @return false if they could not be: then their packets must not go on.
     */
    public boolean append(int count, long[] lows, long[] highs) {
        final int length = count * TAG_LENGTH;
        final long at = log.reserve(length);
        if (at < 0) {
            return false;
        }
        final MemorySegment memory = log.memory(at);
        final long payload = log.payload(at);
        for (int i = 0; i < count; i++) {
            memory.set(LE_LONG, payload + (long) i * TAG_LENGTH, lows[i]);
            memory.set(LE_LONG, payload + (long) i * TAG_LENGTH + Long.BYTES, highs[i]);
        }
        log.publish(length);
        return !durableFirst || isDurable();
    }

    /** Why tags cannot be written down now; empty if they can. */
    public Optional<IOException> problem() {
        return log.failure().or(log::shortage);
    }

    /**
     * Closes the journal, overwrites and deletes its file and brings the folder to the disk: its epoch is over. To be called
     * again if it fails.
     *
     * @return proof that the journal is gone.
     */
    public JournalErasure erase() throws IOException {
        store.erase(log);
        return new JournalErasure(log.file().getFileName().toString(), epoch);
    }

    private static String name(String key, long epoch) {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch must be 0 or more: epoch=" + epoch);
        }
        return "replay-" + key + "-" + epoch;
    }

    private boolean isDurable() {
        try {
            log.commit();
            return true;
        } catch (IOException e) {
            assert log.failure().isPresent() : e; // kept there, and told by problem()
            return false;
        }
    }

    /** Sees the tags of a journal. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Some tags; the arrays are reused.
         *
         * @param count 1 to {@link #MAX_BATCH}.
         * @param lows bytes 0 to 7 of each tag as little-endian words.
         * @param highs bytes 8 to 15.
         */
        void tags(int count, long[] lows, long[] highs);
    }

    /** Makes full batches of what records hold. */
    private static final class Gathering implements AppendLog.Visitor {
        private final Visitor visitor;
        private final long[] lows = new long[MAX_BATCH];
        private final long[] highs = new long[MAX_BATCH];
        private int count;

        Gathering(Visitor visitor) {
            this.visitor = visitor;
        }

        @Override
        public void record(MemorySegment memory, long offset, int length) {
            for (long at = offset; at < offset + length; at += TAG_LENGTH) {
                lows[count] = memory.get(LE_LONG, at);
                highs[count] = memory.get(LE_LONG, at + Long.BYTES);
                if (++count == MAX_BATCH) {
                    flush();
                }
            }
        }

        void flush() {
            if (count > 0) {
                visitor.tags(count, lows, highs);
                count = 0;
            }
        }
    }
}
