package io.millrace.store;

/**
 * Proof that the replay journal of one key epoch is gone: {@link ReplayJournal#erase} makes it after the file was
 * overwritten and deleted and the folder brought to the disk. Nothing else makes one, so that a method which asks for it
 * cannot run while the journal exists. Immutable.
 */
public final class JournalErasure {
    private final String journal;
    private final long epoch;

    JournalErasure(String journal, long epoch) {
        this.journal = journal;
        this.epoch = epoch;
    }

    /** Number of the key epoch whose journal is gone, 0 or more. */
    public long epoch() {
        return epoch;
    }

    @Override
    public String toString() {
        return "JournalErasure[" + journal + "]";
    }
}
