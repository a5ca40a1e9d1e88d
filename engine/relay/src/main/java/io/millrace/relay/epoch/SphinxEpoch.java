package io.millrace.relay.epoch;

import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.DelayDiscloser;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.EpochDelayProof;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One Sphinx key of a relay, the tags seen under it, and the key that gives the delays of its packets: the three begin and
 * end together.
 *
 * <p>Ownership: an engine that takes the epoch closes it. The right to disclose the delays belongs to the epoch from its
 * construction on; {@link RetiredEpoch} uses it, after the replay journal has been erased.
 *
 * <p>Threading: made and handed over by one thread; afterwards the engine's.
 */
public final class SphinxEpoch implements AutoCloseable {
    private final long number;
    private final RelaySphinxKey key;
    private final ReplayFilter replayFilter;
    private final DelayEpoch delays; // null unless the delays come from the epoch
    private final DelayDiscloser discloser; // as delays
    private final AtomicBoolean taken = new AtomicBoolean();

    /**
     * An epoch.
     *
     * @param number 0 or more; the next epoch of a relay has a higher one. Its low 8 bits name the epoch in link frames.
     * @param key Sphinx key of the relay in this epoch; taken over.
     * @param replayFilter empty at the start of the epoch, or restored from the epoch's journal; taken over.
     * @param delays key of the delays under {@link io.millrace.vrf.DelayPolicy#EPOCH_VRF}, prepared for the same number and
     *     not given to another epoch; null under the other policies; taken over.
     * @throws IllegalArgumentException if the number is negative or not that of {@code delays}.
     * @throws IllegalStateException if the right to open {@code delays} has another holder.
     */
    public SphinxEpoch(long number, RelaySphinxKey key, ReplayFilter replayFilter, DelayEpoch delays) {
        if (number < 0) {
            throw new IllegalArgumentException("the number of an epoch must be 0 or more: number=" + number);
        }
        if (delays != null && delays.epoch() != number) {
            throw new IllegalArgumentException(
                    "the delays are those of another epoch: number=" + number + ", delays=" + delays.epoch());
        }
        this.number = number;
        this.key = Objects.requireNonNull(key, "key");
        this.replayFilter = Objects.requireNonNull(replayFilter, "replayFilter");
        this.delays = delays;
        this.discloser = delays == null ? null : delays.takeDiscloser();
    }

    /**
     * An epoch whose delays do not come from it.
     *
     * @param number 0 or more.
     * @param key Sphinx key of the relay in this epoch; taken over.
     * @param replayFilter empty at the start of the epoch, or restored from its journal; taken over.
     */
    public SphinxEpoch(long number, RelaySphinxKey key, ReplayFilter replayFilter) {
        this(number, key, replayFilter, null);
    }

    /**
     * An epoch whose delays do not come from it and whose tags are kept in memory only.
     *
     * @param number 0 or more.
     * @param key Sphinx key of the relay in this epoch; taken over.
     * @param replaySet empty; taken over.
     */
    public SphinxEpoch(long number, RelaySphinxKey key, ReplaySet replaySet) {
        this(number, key, ReplayFilter.inMemory(replaySet));
    }

    /** Number of the epoch, 0 or more. */
    public long number() {
        return number;
    }

    /** Sphinx key of the epoch; stays the epoch's. */
    public RelaySphinxKey key() {
        return key;
    }

    /** Tags seen in the epoch; stays the epoch's. */
    public ReplayFilter replayFilter() {
        return replayFilter;
    }

    /** Key of the delays, which stays the epoch's; null if the delays do not come from the epoch. */
    public DelayEpoch delays() {
        return delays;
    }

    /**
     * Ends an epoch that no engine runs, for instance one that ended while the process was down: wipes the Sphinx key,
     * frees the replay set, and gives the rest, to be erased and disclosed.
     *
     * <p>Not before the longest delay has passed since the last packet of the epoch was accepted.
     *
     * @return belongs to the caller.
     * @throws IllegalStateException if an engine has the epoch, or it is retired already.
     */
    public RetiredEpoch retire() {
        if (!take()) {
            throw new IllegalStateException("an engine has the epoch, or it is retired: number=" + number);
        }
        return retireClaimed();
    }

    /** Wipes the keys and frees the replay set. A journal stays: the epoch may go on in another process. */
    @Override
    public void close() {
        key.close();
        replayFilter.close();
        if (delays != null) {
            delays.close();
        }
    }

    /** Tells the number only. */
    @Override
    public String toString() {
        return "SphinxEpoch[number=" + number + "]";
    }

    /**
     * Claims the epoch for the engine that calls.
     *
     * @return false if it has an owner already, or its replay filter remembers more than its journal's tags.
     */
    public boolean claim() {
        if (!replayFilter.isFresh() || !take()) {
            return false;
        }
        replayFilter.used();
        return true;
    }

    /** Closes the epoch, unless an engine has it. */
    public void discard() {
        discard(List.of());
    }

    /**
     * Closes the epoch, unless an engine has it, but for its key and its replay filter where another epoch has the same.
     *
     * @param others that may share parts with it.
     */
    public void discard(List<SphinxEpoch> others) {
        if (!take()) {
            return;
        }
        if (others.stream().noneMatch(each -> each.key == key)) {
            key.close();
        }
        if (others.stream().noneMatch(each -> each.replayFilter.sharesSet(replayFilter))) {
            replayFilter.close();
        }
        if (delays != null) {
            delays.close(); // its discloser, which an epoch takes, has one holder
        }
    }

    private boolean take() {
        return taken.compareAndSet(false, true);
    }

    /**
     * As {@link #retire()}, by the engine that has claimed the epoch.
     *
     * @return belongs to the caller.
     */
    public RetiredEpoch retireClaimed() {
        key.close();
        replayFilter.close();
        return new RetiredEpoch(this);
    }

    /**
     * Discloses the delays and closes their key; empty if the delays do not come from the epoch.
     *
     * @param erased shows that this epoch's tags are gone.
     */
    Optional<EpochDelayProof> open(ErasedTags erased) {
        if (!erased.areOf(replayFilter)) {
            throw new IllegalArgumentException("the erased tags are those of another epoch: number=" + number);
        }
        return discloser == null ? Optional.empty() : Optional.of(discloser.disclose());
    }
}
