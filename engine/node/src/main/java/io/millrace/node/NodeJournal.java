package io.millrace.node;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.node.config.JournalSettings;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import io.millrace.text.ConfigException;
import io.millrace.text.FileTrouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The replay journals of a relay: a file for each of its key epochs in a separate store. A relay with the same keys goes on
 * with them.
 */
public final class NodeJournal implements AutoCloseable {
    private final Store store;
    private final String relay;
    private final boolean durableFirst;
    private final Map<Long, ReplayJournal> journals = new ConcurrentHashMap<>();
    private final long startNs = System.nanoTime();
    private volatile Restored restored = new Restored(0, 0);

    private NodeJournal(Store store, String relay, boolean durableFirst) {
        this.store = store;
        this.relay = relay;
        this.durableFirst = durableFirst;
    }

    /**
     * Opens the store.
     *
     * @param relay id of the relay in lower-case hex, in the names of the files.
     */
    static NodeJournal open(JournalSettings settings, String relay) {
        try {
            return new NodeJournal(Store.open(settings.folder(), CommitPolicy.DEFAULT), relay, settings.durableFirst());
        } catch (IOException e) {
            throw new ConfigException("[engine] journal=" + settings.folder() + ": " + FileTrouble.describe(e), e);
        }
    }

    /**
     * The memory of one epoch, with the tags of its journal.
     *
     * @param epoch 0 or more.
     * @param key of the epoch, which gives the key of the journal; stays the caller's.
     * @param set empty; taken over.
     */
    ReplayFilter filter(long epoch, RelaySphinxKey key, ReplaySet set) throws IOException {
        try (SecretKey journalKey = key.journalKey()) {
            final ReplayJournal journal =
                    ReplayJournal.open(store, relay, epoch, journalKey, new SecureRandomness(), durableFirst);
            final ReplayFilter filter = ReplayFilter.journalled(set, journal);
            if (journals.isEmpty() || filter.size() > 0) {
                restored = new Restored(restored.tags() + filter.size(), (System.nanoTime() - startNs) / 1e6);
            }
            journals.put(epoch, journal);
            return filter;
        } catch (IllegalArgumentException e) {
            throw new ConfigException("[engine] replay-tags must be more: " + e.getMessage(), e);
        }
    }

    /** Erases the journal of an epoch that is over and not open, if there is one. */
    void eraseLeft(long epoch) throws IOException {
        ReplayJournal.eraseLeft(store, relay, epoch);
    }

    /** Forgets the journal of an epoch that has been erased. */
    void erased(long epoch) {
        journals.remove(epoch);
    }

    /** Tags that the filters brought back. */
    public Restored restored() {
        return restored;
    }

    /** Why packets are dropped as {@code journal-failed}; empty if they are not. */
    public Optional<String> problem() {
        return journals.values().stream()
                .flatMap(journal -> journal.problem().stream())
                .map(IOException::getMessage)
                .findFirst();
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
     * Tags that a relay remembered when it started.
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
