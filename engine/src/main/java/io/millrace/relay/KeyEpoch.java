package io.millrace.relay;

import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import java.util.Objects;

/**
 * One Sphinx key of a relay and the tags seen under it; both begin and end together. The engine closes it.
 *
 * @param number of the epoch; later epochs have higher numbers.
 * @param key of the relay in this epoch.
 * @param replaySet empty at the start of the epoch.
 */
public record KeyEpoch(long number, RelaySphinxKey key, ReplaySet replaySet) implements AutoCloseable {
    public KeyEpoch {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(replaySet, "replaySet");
    }

    /** Wipes the key and frees the replay set. */
    @Override
    public void close() {
        key.close();
        replaySet.close();
    }
}
