package io.millrace.crdt.type;

import java.util.Optional;

/**
 * State of a document that outlives its process. It is derived from the log of signed operations: a replica brings it up to
 * date, and builds it anew where it does not belong to the log.
 *
 * <p>Not thread safe.
 */
public interface StoredTwinState extends TwinState, AutoCloseable {
    /** Part of the log that the state contains; empty if there is nothing to go on with. */
    Optional<Coverage> coverage();

    /**
     * Checkpoint: the state contains this part of the log, and no more. Costs the same for every size of the state.
     *
     * @param coverage from now on.
     */
    void cover(Coverage coverage);

    /** The end of the graph that was left with the present coverage; empty if there is none that can be believed. */
    Optional<Frontier> frontier();

    /**
     * Keeps the end of the graph. It reaches the disk when the state closes, and is believed at the next opening if the
     * coverage is still the same.
     *
     * @param frontier of the part of the log that the state contains.
     */
    void leave(Frontier frontier);

    /** Forgets everything. */
    void clear();

    /** Brings the state to the disk, and closes it. */
    @Override
    void close();

    /**
     * Beginning of a log.
     *
     * @param records number of records, 0 or more.
     * @param hash of them and of the revocations that decide on their effect.
     */
    record Coverage(int records, CoverageHash hash) {}
}
