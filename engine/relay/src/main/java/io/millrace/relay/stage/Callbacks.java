package io.millrace.relay.stage;

import io.millrace.link.LinkTransition;
import io.millrace.metrics.NanoClock;
import io.millrace.relay.packet.Callback;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.packet.Verdict;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls the application's listener and contains the exceptions of its callbacks: an exception ends the call, an error is told and
 * goes on.
 *
 * <p>Threading: belongs to the thread that owns the wheel, and after its end to the one that stops the engine;
 * {@link #failures()}, {@link #untoldDrops()} and {@link #untoldTransitions()} may be read by any, and
 * {@link #onTransition} belongs to the thread that looks after the links.
 */
public final class Callbacks {
    /** Transitions of links that may wait to be told. */
    private static final int TRANSITION_LIMIT = 1024;

    private static final long TELL_EACH_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final RelayListener listener;
    private final NanoClock clock;
    private final List<DropNotices> notices = new ArrayList<>();
    private final Queue<LinkTransition> transitions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger transitionCount = new AtomicInteger();
    private final AtomicLong untoldTransitions = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private long toldNs;

    public Callbacks(RelayListener listener, NanoClock clock) {
        this.listener = listener;
        this.clock = clock;
    }

    /** The drops of one more thread; before any starts. */
    public DropNotices newNotices() {
        final DropNotices made = new DropNotices();
        notices.add(made);
        return made;
    }

    /** Delivers; false if the packet is to be dropped. */
    boolean deliver(SlotDelivery delivery) {
        try {
            return listener.onDeliver(delivery);
        } catch (Exception e) {
            failed(e, Callback.DELIVER);
            return false;
        } catch (Error e) {
            failed(e, Callback.DELIVER);
            throw e;
        } finally {
            delivery.end();
        }
    }

    /** Hands a packet over for a direct peer; false if it is to be dropped. */
    boolean forward(int peer, MemorySegment packet) {
        try {
            return listener.onForward(peer, packet);
        } catch (Exception e) {
            failed(e, Callback.FORWARD);
            return false;
        } catch (Error e) {
            failed(e, Callback.FORWARD);
            throw e;
        }
    }

    /** Tells that a loop came home. */
    void loop(long idLow, long idHigh) {
        try {
            listener.onLoop(idLow, idHigh);
        } catch (Exception e) {
            failed(e, Callback.LOOP);
        } catch (Error e) {
            failed(e, Callback.LOOP);
            throw e;
        }
    }

    /** Tells of a drop. */
    void drop(Verdict verdict, int source) {
        try {
            listener.onDrop(verdict, source);
        } catch (Exception e) {
            failed(e, Callback.DROP);
        } catch (Error e) {
            failed(e, Callback.DROP);
            throw e;
        }
    }

    /** Takes a transition of a link, to be told; by the thread that looks after the links. */
    public void onTransition(LinkTransition transition) {
        if (transitionCount.get() == TRANSITION_LIMIT) {
            untoldTransitions.getAndIncrement();
        } else {
            transitionCount.getAndIncrement();
            transitions.add(transition);
        }
    }

    /** Makes a bounded share of the calls that other threads left; returns their number. */
    public int tell() {
        int told = transitionCount.get() == 0 ? 0 : tellTransition();
        for (int i = 0; i < notices.size(); i++) {
            told += notices.get(i).tell(this);
        }
        return told;
    }

    /** Tells all that is left, after all threads have ended. */
    public void finish() {
        int told;
        do {
            told = tell();
        } while (told > 0);
    }

    /** Calls that failed. */
    public long failures() {
        return failures.get();
    }

    /** Drops that were not told because their thread's queue was full. */
    public long untoldDrops() {
        long untold = 0;
        for (DropNotices each : notices) {
            untold += each.untold();
        }
        return untold;
    }

    /** Transitions of links that were not told because too many waited. */
    public long untoldTransitions() {
        return untoldTransitions.get();
    }

    private int tellTransition() {
        final LinkTransition transition = transitions.poll();
        if (transition == null) {
            return 0;
        }
        transitionCount.getAndDecrement();
        final Callback callback = transition.isUp() ? Callback.LINK_UP : Callback.LINK_DOWN;
        try {
            if (transition.isUp()) {
                listener.onLinkUp(transition);
            } else {
                listener.onLinkDown(transition);
            }
        } catch (Exception e) {
            failed(e, callback);
        } catch (Error e) {
            failed(e, callback);
            throw e;
        }
        return 1;
    }

    private void failed(Throwable failure, Callback callback) {
        final long now = clock.nanoTime();
        final long before = failures.getAndIncrement();
        if (before > 0 && now - toldNs < TELL_EACH_NS) {
            return;
        }
        toldNs = now;
        try {
            listener.onFailure(failure, callback);
        } catch (Exception e) {
            failures.getAndIncrement(); // the last resort failed: the count is all that is left
        }
    }
}
