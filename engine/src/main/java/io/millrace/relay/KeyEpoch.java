package io.millrace.relay;

import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * One Sphinx key of a relay and the tags seen under it; both begin and end together. The engine closes it.
 *
 * @param number of the epoch; later epochs have higher numbers.
 * @param key of the relay in this epoch.
 * @param replayFilter empty at the start of the epoch, or brought back from its journal.
 */
public record KeyEpoch(long number, RelaySphinxKey key, ReplayFilter replayFilter) implements AutoCloseable {
    public KeyEpoch {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(replayFilter, "replayFilter");
    }

    /** An epoch that is remembered in memory only. */
    public KeyEpoch(long number, RelaySphinxKey key, ReplaySet replaySet) {
        this(number, key, ReplayFilter.inMemory(replaySet));
    }

    /** Wipes the key and frees the replay set. A journal stays: the epoch may go on in another process. */
    @Override
    public void close() {
        key.close();
        replayFilter.close();
    }

    /** As {@link #close()}, and deletes the journal: the epoch is over. */
    void retire() {
        key.close();
        try {
            replayFilter.retire();
        } catch (IOException e) {
            throw new UncheckedIOException("the epoch is over, but its journal stays: number=" + number, e);
        }
    }
}
