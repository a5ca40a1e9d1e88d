package io.millrace.relay.live;

import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.queue.EgressMark;
import io.millrace.relay.queue.Ring;
import io.millrace.relay.thread.QuiescentStateTracker;
import java.util.concurrent.CompletableFuture;

/**
 * The way of one key epoch out of the engine, step by step, by the thread that owns the wheel:
 *
 * <ol>
 *   <li>every engine thread has begun a new round, so none accepts packets under the epoch any more;
 *   <li>the packets that were in the ring then have passed it, so none is between two threads;
 *   <li>the last packet that waits under the epoch has left the wheel;
 *   <li>the packets that were sealed until then have been sent or dropped by the I/O thread.
 * </ol>
 */
final class Retirement {
    private enum Step {
        ROUNDS,
        RING,
        WHEEL,
        EGRESS
    }

    private final int place;
    private final CompletableFuture<RetiredEpoch> future = new CompletableFuture<>();
    private final long mark;
    private Step step = Step.ROUNDS;
    private long ringEnd;
    private EgressMark egressEnd;

    /**
     * Begins.
     *
     * @param place of the epoch, which is not accepted any more.
     * @param mark of the rounds, made after that.
     */
    Retirement(int place, long mark) {
        this.place = place;
        this.mark = mark;
    }

    /** Place of the epoch. */
    int place() {
        return place;
    }

    /** Completes when the epoch is over. */
    CompletableFuture<RetiredEpoch> future() {
        return future;
    }

    /** Goes on as far as possible; true if the epoch is over. By the thread that owns the wheel. */
    boolean isOver(QuiescentStateTracker rounds, Ring ring, WaitingCounts waiting, EnginePeers neighbours) {
        if (step == Step.ROUNDS && rounds.isPassed(mark)) {
            ringEnd = ring.cursor();
            step = Step.RING;
        }
        if (step == Step.RING && ring.isPassed(ringEnd)) {
            step = Step.WHEEL;
        }
        if (step == Step.WHEEL && waiting.count(place) == 0) {
            egressEnd = neighbours.egressMark();
            step = Step.EGRESS;
        }
        return step == Step.EGRESS && egressEnd.isPassed();
    }
}
