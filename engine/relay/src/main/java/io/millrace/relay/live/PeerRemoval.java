package io.millrace.relay.live;

import io.millrace.relay.queue.EgressQueue;
import io.millrace.relay.queue.Ring;
import io.millrace.relay.thread.QuiescentStateTracker;
import java.util.concurrent.CompletableFuture;

/**
 * The way of one peer out of the engine, step by step, by the thread that owns the wheel:
 *
 * <ol>
 *   <li>every thread has begun a new round, so none routes to the peer any more;
 *   <li>every thread has ended that round, in which it saw the removal;
 *   <li>the packets that were in the ring then have passed it: from the peer, or to it;
 *   <li>the last packet for the peer has left the wheel;
 *   <li>the packets that were sealed for it have been sent or dropped.
 * </ol>
 */
final class PeerRemoval {
    private enum Step {
        HEARD,
        ENDED,
        RING,
        WHEEL,
        EGRESS
    }

    private final int peer;
    private final CompletableFuture<Void> future = new CompletableFuture<>();
    private Step step = Step.HEARD;
    private long mark;
    private long ringEnd;

    /**
     * Begins.
     *
     * @param peer index of the peer, whose routes and link are gone.
     * @param mark of the rounds, made after that.
     */
    PeerRemoval(int peer, long mark) {
        this.peer = peer;
        this.mark = mark;
    }

    /** Index of the peer. */
    int peer() {
        return peer;
    }

    /** Completes when the place is free. */
    CompletableFuture<Void> future() {
        return future;
    }

    /** Goes on as far as possible; true if nothing refers to the peer any more. By the thread that owns the wheel. */
    boolean isOver(QuiescentStateTracker rounds, Ring ring, WaitingCounts waiting, EnginePeers neighbours) {
        if (step == Step.HEARD && rounds.isPassed(mark)) {
            mark = rounds.mark();
            step = Step.ENDED;
        }
        if (step == Step.ENDED && rounds.isPassed(mark)) {
            ringEnd = ring.cursor();
            step = Step.RING;
        }
        if (step == Step.RING && ring.isPassed(ringEnd)) {
            step = Step.WHEEL;
        }
        if (step == Step.WHEEL && waiting.countFor(peer) == 0) {
            step = Step.EGRESS;
        }
        final EgressQueue queue = neighbours.queue(peer);
        return step == Step.EGRESS && queue.isRemoved(queue.added());
    }
}
