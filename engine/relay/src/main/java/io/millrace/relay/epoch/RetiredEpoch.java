package io.millrace.relay.epoch;

import io.millrace.sphinx.RelayId;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.util.Optional;

/**
 * A key epoch that is over: no packet waits under it, its Sphinx key is wiped and its replay set freed. Left are its
 * replay journal, to be erased, and the key of its delays, to be disclosed afterwards.
 *
 * <p>The types enforce that order. An {@link io.millrace.vrf.DelayEpoch} has no method that discloses it; the one
 * {@link io.millrace.vrf.DelayDiscloser} belongs to the {@link SphinxEpoch}, which takes the proof that the tags are erased, and
 * the erasure alone makes that proof. A journal lists the tags of the epoch's packets: together with a disclosure it would
 * give away every delay.
 *
 * <p>Threading: any thread; methods exclude each other. They write to the disk.
 */
public final class RetiredEpoch implements AutoCloseable {
    private final SphinxEpoch epoch;
    private final RelayId keyId;
    private ErasedTags erased;

    /** Takes over an epoch whose Sphinx key and replay set are gone. */
    RetiredEpoch(SphinxEpoch epoch) {
        this.epoch = epoch;
        this.keyId = epoch.key().id();
    }

    /** Number of the epoch, 0 or more. */
    public long number() {
        return epoch.number();
    }

    /** Id of the epoch's Sphinx key. */
    public RelayId keyId() {
        return keyId;
    }

    /**
     * Overwrites and deletes the epoch's replay journal, and makes the deletion durable. A second call does nothing.
     *
     * @throws IOException if the journal could not be deleted; nothing can be disclosed then. May be tried again.
     */
    public synchronized void erase() throws IOException {
        if (erased == null) {
            erased = epoch.replayFilter().erase();
        }
    }

    /**
     * Erases the journal, as {@link #erase()}, then discloses the delays and wipes their key.
     *
     * @return the proof that gives each delay of the epoch; empty if the delays did not come from the epoch.
     * @throws IOException if the journal could not be deleted; nothing was disclosed. May be tried again.
     * @throws IllegalStateException if the epoch is disclosed or closed already.
     */
    public synchronized Optional<EpochDelayProof> disclose() throws IOException {
        erase();
        return epoch.open(erased);
    }

    /** Wipes the key of the delays undisclosed, for ever. The journal stays unless it was erased. */
    @Override
    public synchronized void close() {
        if (epoch.delays() != null) {
            epoch.delays().close();
        }
    }
}
