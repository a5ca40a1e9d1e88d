package io.millrace.relay.epoch;

import io.millrace.store.JournalErasure;
import java.util.Objects;

/**
 * Proof that the tags of one key epoch are gone: its journal is erased, or it never had one. {@link ReplayFilter#erase()}
 * alone makes it.
 */
final class ErasedTags {
    private final ReplayFilter filter;

    private ErasedTags(ReplayFilter filter) {
        this.filter = filter;
    }

    /** Of a filter with a journal. */
    static ErasedTags ofJournal(ReplayFilter filter, JournalErasure erasure) {
        Objects.requireNonNull(erasure, "erasure");
        return new ErasedTags(filter);
    }

    /** Of a filter without a journal. */
    static ErasedTags neverStored(ReplayFilter filter) {
        return new ErasedTags(filter);
    }

    /** Whether the tags were those of {@code other}. */
    boolean areOf(ReplayFilter other) {
        return filter == other;
    }
}
