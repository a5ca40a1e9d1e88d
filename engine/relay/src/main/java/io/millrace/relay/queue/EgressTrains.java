package io.millrace.relay.queue;

import io.millrace.metrics.NanoClock;
import java.util.Arrays;

/**
 * Decides how long packets wait for others to the same peer, so that they leave as one train. A train costs the system much
 * less than its packets one by one ({@code CarrierBenchmark}), and delays them: the wait follows the load.
 *
 * <p>The load is the mean number of frames that a round finds, of the last {@value #ROUNDS} rounds or so that found some. A
 * relay works on what has come, so this number grows with the rate: it is 2 to 4 at half of the highest rate, where nothing
 * waits, and 6 and more near that rate, where a packet waits {@value #LONGEST_HOLD_NS} ns at most. In between the wait grows
 * evenly. Once nothing has come for {@value #QUIET_NS} ns, nothing waits until something comes. Each such silence counts as a
 * round that found nothing.
 *
 * <p>Nothing waits either where a carrier gains nothing by it, where rounds are too small to tell the load, and while more
 * packets wait than a part of the slots.
 *
 * <p>Not thread safe; belongs to the I/O thread. Allocates nothing after construction. Asks the clock only under load.
 */
public final class EgressTrains {
    /** Packets that leave for a peer without waiting for others. */
    public static final int TRAIN = 16;

    /** Longest time that a packet waits for others, in nanoseconds. */
    public static final long LONGEST_HOLD_NS = 4_000_000;

    /** Time without a frame after which nothing waits, in nanoseconds. */
    public static final long QUIET_NS = 200_000;

    /** Frames a round up to which nothing waits. */
    static final double LIGHT = 4;

    /** Frames a round from which a packet waits longest. */
    static final double HEAVY = 7;

    /** Fewest frames that a round must be able to find. */
    static final int SMALLEST_BATCH = 8;

    private static final int ROUNDS = 32;
    private static final int TRAINS_PER_QUEUE = 4; // at least: a full queue would drop packets
    private static final int SHARE_OF_SLOTS = 8;
    private static final long NEVER = Long.MAX_VALUE;

    private final NanoClock clock;
    private final boolean used;
    private final int mostWaiting;
    private final long[] since; // by peer, since when a packet waits
    private double load;
    private long emptySince = NEVER; // or since the last silence that was counted
    private boolean silent;
    private long holdNs; // in this round
    private long nowNs; // in this round, if packets may wait
    private boolean holding;

    /**
     * Makes the rules of one engine.
     *
     * @param clock of the engine.
     * @param gains whether the carrier does.
     * @param batchLimit most frames that a round can find.
     * @param slots of the engine, 1 or more.
     * @param peers most peers.
     */
    public EgressTrains(NanoClock clock, boolean gains, int batchLimit, int slots, int peers) {
        this.clock = clock;
        this.used = gains && batchLimit >= SMALLEST_BATCH;
        this.mostWaiting = slots / SHARE_OF_SLOTS;
        this.since = new long[peers];
        Arrays.fill(since, NEVER);
    }

    /**
     * A round has looked for frames.
     *
     * @param frames that it found, 0 or more.
     */
    public void found(int frames) {
        if (!used) {
            return;
        }
        if (load > 0 && (frames == 0 || emptySince != NEVER)) {
            listen();
        }
        if (frames > 0) {
            emptySince = NEVER;
            silent = false;
            load += (frames - load) / ROUNDS;
        }
    }

    /** Counts the silence since the first round that found nothing. */
    private void listen() {
        final long now = clock.nanoTime();
        if (emptySince == NEVER) {
            emptySince = now;
            return;
        }
        final long silences = (now - emptySince) / QUIET_NS;
        emptySince += silences * QUIET_NS;
        silent |= silences > 0;
        if (silences >= ROUNDS) {
            load = 0;
        }
        for (long i = 0; i < silences && load > 0; i++) {
            load -= load / ROUNDS;
        }
    }

    /**
     * Begins a round of sending.
     *
     * @param waiting packets that wait for all peers together.
     */
    public void begin(int waiting) {
        holding = false;
        holdNs = silent || load <= LIGHT || waiting > mostWaiting
                ? 0
                : (long) (LONGEST_HOLD_NS * Math.min(1, (load - LIGHT) / (HEAVY - LIGHT)));
        nowNs = holdNs > 0 && waiting > 0 ? clock.nanoTime() : 0;
    }

    /**
     * Whether the packets for a peer wait for others in this round.
     *
     * @param peer its index.
     * @param waiting packets for it, 1 or more.
     * @param room of its queue, in packets.
     */
    public boolean waits(int peer, int waiting, int room) {
        if (holdNs == 0 || waiting >= Math.min(TRAIN, room / TRAINS_PER_QUEUE)) {
            return false;
        }
        if (since[peer] == NEVER) {
            since[peer] = nowNs;
        }
        final boolean waits = nowNs - since[peer] < holdNs;
        holding |= waits;
        return waits;
    }

    /**
     * The packets for a peer leave, or are dropped.
     *
     * @param peer its index.
     */
    public void leave(int peer) {
        since[peer] = NEVER;
    }

    /** Whether packets wait for others since the last round: the next one must not be put off. */
    public boolean isHolding() {
        return holding;
    }

    /** Nothing comes any more: nothing waits. */
    public void end() {
        load = 0;
    }
}
