package io.millrace.relay.live;

import io.millrace.relay.epoch.SphinxEpoch;
import java.util.Arrays;

/**
 * The live key epochs of an engine, at most {@value #LIMIT}, each at a place from 0 on that it keeps until it is over.
 * Immutable: a change makes a new table. A packet in the engine carries the place of its epoch.
 */
public final class LiveEpochs {
    /** Most live epochs: the previous one, the running one, the next one, and one that is retiring. */
    public static final int LIMIT = 4;

    /** No place. */
    public static final int NONE = -1;

    private static final int EPOCH_MASK = 0xff;

    private final SphinxEpoch[] epochs; // by place; null where a place is free
    private final boolean[] accepted; // by place
    private final int running; // place

    /** With one epoch, which runs, at place 0. */
    LiveEpochs(SphinxEpoch first) {
        this(new SphinxEpoch[LIMIT], new boolean[LIMIT], 0);
        epochs[0] = first;
        accepted[0] = true;
    }

    private LiveEpochs(SphinxEpoch[] epochs, boolean[] accepted, int running) {
        this.epochs = epochs;
        this.accepted = accepted;
        this.running = running;
    }

    /** The epoch at {@code place}; null if the place is free. */
    public SphinxEpoch at(int place) {
        return epochs[place];
    }

    /** Whether packets are accepted under the epoch at {@code place}. */
    boolean isAccepted(int place) {
        return accepted[place];
    }

    /** Place of the running epoch. */
    public int running() {
        return running;
    }

    /** Number of the running epoch. */
    public long runningNumber() {
        return epochs[running].number();
    }

    /** Place of the epoch that is accepted and whose number has these low 8 bits, 0 to 255; {@link #NONE} without one. */
    public int acceptedPlace(int lowBits) {
        for (int place = 0; place < LIMIT; place++) {
            if (accepted[place] && (epochs[place].number() & EPOCH_MASK) == lowBits) {
                return place;
            }
        }
        return NONE;
    }

    /** Place of the epoch of that number; {@link #NONE} if none is live. */
    int placeOf(long number) {
        for (int place = 0; place < LIMIT; place++) {
            if (epochs[place] != null && epochs[place].number() == number) {
                return place;
            }
        }
        return NONE;
    }

    /** A free place; {@link #NONE} if there is none. */
    int freePlace() {
        return Arrays.asList(epochs).indexOf(null);
    }

    /** Whether a live epoch's number has the low 8 bits of {@code number}. */
    boolean hasLowBitsOf(long number) {
        return Arrays.stream(epochs).anyMatch(each -> each != null && ((each.number() ^ number) & EPOCH_MASK) == 0);
    }

    /** With {@code epoch} at the free {@code place}, accepted. */
    LiveEpochs with(int place, SphinxEpoch epoch) {
        final LiveEpochs next = copy(running);
        next.epochs[place] = epoch;
        next.accepted[place] = true;
        return next;
    }

    /** With the epoch at {@code place} running. */
    public LiveEpochs running(int place) {
        return copy(place);
    }

    /** With the epoch at {@code place} not accepted. */
    LiveEpochs refusing(int place) {
        final LiveEpochs next = copy(running);
        next.accepted[place] = false;
        return next;
    }

    /** With {@code place} free. */
    LiveEpochs without(int place) {
        final LiveEpochs next = refusing(place);
        next.epochs[place] = null;
        return next;
    }

    private LiveEpochs copy(int newRunning) {
        return new LiveEpochs(epochs.clone(), accepted.clone(), newRunning);
    }
}
