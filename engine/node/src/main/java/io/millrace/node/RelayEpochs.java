package io.millrace.node;

import io.millrace.crypto.Randomness;
import io.millrace.directory.DelayLaw;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochStatus;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.sphinx.SphinxProfile;
import java.io.IOException;
import java.util.Optional;

/**
 * Key epochs of one relay. The engine rolls them by its schedule; their secrets, journals and documents are on the disk.
 *
 * <p>A step on the disk that failed is counted and tried again, after 100 ms at first and at most 10 s, and {@link #problem}
 * tells why. An error that is not of the disk is in {@link #failure}.
 *
 * <p>An epoch whose replay set is {@value EpochStatus#FULL_PERCENT} percent full ends early, at most
 * {@link EpochSchedule#MAX_AHEAD} epochs ahead of the schedule. Numbers never go back and have no gap: an epoch that passed
 * while the relay was down is disclosed too.
 *
 * <p>Threading: one owner, but for the methods that say otherwise. Closed after the engine.
 *
 * <p>Source: {@code src/docs/specs/epochs.md}.
 */
public final class RelayEpochs implements AutoCloseable {
    private final EpochSchedule schedule;
    private final NetworkClock clock;
    private final StoredEpochs stored;
    private RelayEngine engine; // null before attach
    private Optional<String> toldLate = Optional.empty();

    /**
     * Brings back the state that an earlier process left, and draws the keys that are missing.
     *
     * @param schedule of the epochs, the same for the whole life of the identity.
     * @param law of the delays.
     * @param profile of the epochs that are drawn from now on.
     * @param store of the secrets; taken over.
     * @param maker of the epochs; taken over.
     * @param documents of the relay; taken over.
     * @param clock network time.
     * @param randomness of the secrets.
     * @throws io.millrace.text.ConfigException if the store was made for another schedule or its live epochs for another
     *     law.
     * @throws IOException if the store cannot be written.
     */
    RelayEpochs(
            EpochSchedule schedule,
            DelayLaw law,
            SphinxProfile profile,
            EpochKeyStore store,
            EpochMaker maker,
            EpochDocuments documents,
            NetworkClock clock,
            Randomness randomness)
            throws IOException {
        this.schedule = schedule;
        this.clock = clock;
        this.stored = new StoredEpochs(schedule, law, profile, store, maker, documents, clock, randomness);
    }

    /** For the engine that is to roll them. */
    NodeEngine.Rolling rolling() {
        return new NodeEngine.Rolling(schedule, stored, clock);
    }

    /**
     * Publishes the descriptor.
     *
     * @param built with {@link #rolling}; not started.
     */
    void attach(RelayEngine built) throws IOException {
        engine = built;
        stored.announce();
    }

    /** Why epochs do not go on; empty if they do. Any thread. */
    public Optional<String> problem() {
        return engine.epochStatus().problem();
    }

    /** How often the relay went on to another epoch. Any thread. */
    public long rolls() {
        return engine.epochStatus().rolls();
    }

    /** Steps on the disk that failed, each tried again. Any thread. */
    public long failures() {
        return engine.epochStatus().failures();
    }

    /** An error that is not of the disk; empty if there is none. Any thread. */
    public Optional<Throwable> failure() {
        return engine.epochStatus().failure().filter(each -> !(each instanceof IOException));
    }

    /** A line for people about an epoch that was accepted too late, once; empty if there is none. */
    public Optional<String> takeLate() {
        final Optional<String> late = engine.epochStatus().late();
        final boolean told = late.equals(toldLate);
        toldLate = late;
        return told ? Optional.empty() : late;
    }

    /** Last epoch that can run now: later ones have not been announced. */
    public long limit() {
        return schedule.numberAt(clock.nowMs()) + EpochSchedule.MAX_AHEAD;
    }

    /**
     * Wipes all keys in memory, after the engine was closed. The next process discloses the epochs that are over. A step that
     * the disk holds keeps its keys until the process ends.
     */
    @Override
    public void close() {
        stored.close();
    }
}
