package io.millrace.store;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import java.io.IOException;
import java.util.Optional;

/**
 * The replay tags of one key epoch on disk, written before their packets go on, without their order and unreadable without
 * the epoch's key: see {@link TagFile}. Erased as a whole when the epoch is over.
 *
 * <p>A tag that was appended survives the death of the process. A loss of power takes at most the tags that came after the
 * last group commit, or none at all if tags are made durable first.
 *
 * <p>Appending allocates nothing. Threading: {@link #append} belongs to one thread.
 */
public final class ReplayJournal {
    /** Most tags in one batch. */
    public static final int MAX_BATCH = 256;

    private static final String ENDING = ".tags";

    private final Store store;
    private final long epoch;
    private final TagFile file;
    private final boolean durableFirst;
    private volatile boolean over; // erased, or about to be

    private ReplayJournal(Store store, long epoch, TagFile file, boolean durableFirst) {
        this.store = store;
        this.epoch = epoch;
        this.file = file;
        this.durableFirst = durableFirst;
    }

    /**
     * Opens the journal of an epoch, and makes it where there is none.
     *
     * @param store holds the file.
     * @param name of the relay's key, in lower-case letters and digits.
     * @param epoch 0 or more.
     * @param key 32 bytes that this epoch alone has, the same at each opening; copied, so that the caller may close it.
     * @param randomness of the places of tags, which cannot be guessed.
     * @param durableFirst whether {@link #append} returns only when the tags are on the disk: safe against a loss of power
     *     too, and slower by one write to the disk a batch.
     * @throws StoreException if the journal is damaged, belongs to another key, or there is no room for it; or if there is
     *     one of an earlier version of this program, which kept the order.
     */
    public static ReplayJournal open(
            Store store, String name, long epoch, SecretKey key, Randomness randomness, boolean durableFirst)
            throws IOException {
        if (key.length() != SecretKey.LENGTH) {
            throw new IllegalArgumentException(
                    "the key must be " + SecretKey.LENGTH + " bytes: length=" + key.length());
        }
        final String base = base(name, epoch);
        if (store.holds(base + Store.LOG_ENDING)) {
            throw new StoreException(
                    "a journal of an earlier version of this program, which kept the order of packets; go"
                            + " on to a new key and remove it: file="
                            + store.directory().resolve(base + Store.LOG_ENDING));
        }
        return new ReplayJournal(store, epoch, store.tags(base + ENDING, key, randomness), durableFirst);
    }

    /**
     * Erases the journal of an epoch that is over, without opening it; there need not be one.
     *
     * @param store in which it is not open.
     * @param name of the relay's key, as for {@link #open}.
     * @param epoch 0 or more.
     * @return proof that there is no such journal.
     */
    public static JournalErasure eraseLeft(Store store, String name, long epoch) throws IOException {
        final String base = base(name, epoch);
        store.eraseLeft(base + Store.LOG_ENDING);
        store.eraseLeft(base + ENDING);
        return new JournalErasure(base, epoch);
    }

    /**
     * Shows all tags to {@code visitor}, in no order, in full batches but for the last.
     *
     * @param visitor called on this thread.
     */
    public void forEach(Visitor visitor) {
        final Gathering gathering = new Gathering(visitor);
        file.forEach(gathering);
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
        assert count > 0 && count <= MAX_BATCH : count;
        return file.append(count, lows, highs) && (!durableFirst || isDurable());
    }

    /** Why tags cannot be written down now; empty if they can, or if the epoch is over and needs no more. Any thread. */
    public Optional<IOException> problem() {
        return over ? Optional.empty() : file.failure().or(file::shortage);
    }

    /**
     * Closes the journal, overwrites and deletes its file and brings the folder to the disk: its epoch is over. To be called
     * again if it fails.
     *
     * @return proof that the journal is gone.
     */
    public JournalErasure erase() throws IOException {
        over = true;
        store.erase(file);
        return new JournalErasure(file.file().getFileName().toString(), epoch);
    }

    private static String base(String name, long epoch) {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch must be 0 or more: epoch=" + epoch);
        }
        return "replay-" + name + "-" + epoch;
    }

    private boolean isDurable() {
        try {
            file.commit();
            return true;
        } catch (IOException e) {
            assert file.failure().isPresent() : e; // kept there, and told by problem()
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

    /** Makes full batches. */
    private static final class Gathering implements TagArea.Visitor {
        private final Visitor visitor;
        private final long[] lows = new long[MAX_BATCH];
        private final long[] highs = new long[MAX_BATCH];
        private int count;

        Gathering(Visitor visitor) {
            this.visitor = visitor;
        }

        @Override
        public void tag(long low, long high) {
            lows[count] = low;
            highs[count++] = high;
            if (count == MAX_BATCH) {
                flush();
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
