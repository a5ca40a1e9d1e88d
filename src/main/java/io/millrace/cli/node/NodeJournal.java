package io.millrace.cli.node;

import io.millrace.cli.console.UsageError;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.ReplayFilter;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;

/** The replay journal of a relay: a file for its key in a store of its own. A relay with the same key goes on with it. */
final class NodeJournal implements AutoCloseable {
    private final Store store;
    private final ReplayJournal journal;
    private final long startNs;
    private Restored restored;

    private NodeJournal(Store store, ReplayJournal journal, long startNs) {
        this.store = store;
        this.journal = journal;
        this.startNs = startNs;
    }

    /** Opens the journal of one key epoch. */
    static NodeJournal open(JournalSettings settings, RelaySphinxKey key, long epoch) {
        final long startNs = System.nanoTime();
        try {
            final Store store = Store.open(settings.folder(), CommitPolicy.DEFAULT);
            try (SecretKey journalKey = key.journalKey()) {
                final ReplayJournal journal = ReplayJournal.open(
                        store, key.id().toString(), epoch, journalKey, new SecureRandomness(), settings.durableFirst());
                return new NodeJournal(store, journal, startNs);
            } catch (IOException | RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UsageError("[engine] journal=" + settings.folder() + ": " + e.getMessage(), e);
        }
    }

    /** The epoch's memory, with what the journal holds. */
    ReplayFilter filter(ReplaySet set) {
        try {
            final ReplayFilter filter = ReplayFilter.journalled(set, journal);
            restored = new Restored(filter.size(), (System.nanoTime() - startNs) / 1e6);
            return filter;
        } catch (IllegalArgumentException e) {
            throw new UsageError("[engine] replay-tags must be more: " + e.getMessage(), e);
        }
    }

    /** What the filter brought back. */
    Restored restored() {
        return restored;
    }

    /** Why packets are dropped as {@code journal-failed}; empty if they are not. */
    Optional<String> problem() {
        return journal.problem().map(IOException::getMessage);
    }

    @Override
    public void close() {
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What a relay remembered when it started.
     *
     * @param tags packets seen before.
     * @param ms from the opening of the store until all were known again.
     */
    public record Restored(long tags, double ms) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,d replay tags restored in %.1f ms", tags, ms);
        }
    }
}
