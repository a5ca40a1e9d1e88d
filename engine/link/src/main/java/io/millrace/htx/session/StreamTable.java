package io.millrace.htx.session;

import io.millrace.frame.QuicVarint;
import java.util.function.Consumer;

/**
 * The streams of a session that are not ended in both directions, by id, and whose turn it is to open which. Ids are taken
 * in order: the initiator's are 1, 3, 5 and so on, the responder's 2, 4, 6. A stream that the application has and has not
 * released counts also after its end, so that the number of queues is
 * bounded: each end has at most {@code maxPerEnd} streams in the table, and as many with the application.
 *
 * <p>Open addressing with linear probing in a fixed table, which is never more than half full.
 */
final class StreamTable {
    private static final long STEP = 2;

    private final SessionStream[] slots;
    private final int mask;
    private final int maxPerEnd;
    private final long ownParity;
    private long nextOwn;
    private long nextPeer;
    private int ownCount;
    private int peerCount;
    private int ownHeld;
    private int peerHeld;

    StreamTable(boolean initiator, int maxPerEnd) {
        this.maxPerEnd = maxPerEnd;
        slots = new SessionStream[Integer.highestOneBit(4 * maxPerEnd - 1) << 1];
        mask = slots.length - 1;
        ownParity = initiator ? 1 : 0;
        nextOwn = initiator ? 1 : 2;
        nextPeer = initiator ? 2 : 1;
    }

    int size() {
        return ownCount + peerCount;
    }

    /** Streams that the application has not released. */
    int held() {
        return ownHeld + peerHeld;
    }

    /** Whether this end may open one more. */
    boolean mayOpen() {
        return ownCount < maxPerEnd && ownHeld < maxPerEnd && nextOwn <= QuicVarint.MAX;
    }

    /** Whether the application may get one more stream of the peer. */
    boolean mayAccept() {
        return peerHeld < maxPerEnd;
    }

    /** Hands a stream to the application. */
    void hold(SessionStream stream) {
        stream.held = true;
        countHeld(stream, 1);
    }

    /** Takes a stream back from the application; false if it has not got it. */
    boolean release(SessionStream stream) {
        if (!stream.held) {
            return false;
        }
        stream.held = false;
        countHeld(stream, -1);
        return true;
    }

    /** Takes this end's next id. */
    long takeOwnId() {
        final long id = nextOwn;
        nextOwn += STEP;
        return id;
    }

    /** Whether {@code id} is the one that the peer may open now; takes it. */
    boolean takePeerId(long id) {
        if (id != nextPeer || peerCount == maxPerEnd) {
            return false;
        }
        nextPeer += STEP;
        return true;
    }

    /** Whether {@code id} was open once, by whichever end. */
    boolean wasOpened(long id) {
        return id < (isOwn(id) ? nextOwn : nextPeer);
    }

    /** The stream of that id; null if it is not in the table. */
    SessionStream get(long id) {
        for (int at = slot(id); slots[at] != null; at = (at + 1) & mask) {
            if (slots[at].id == id) {
                return slots[at];
            }
        }
        return null;
    }

    void put(SessionStream stream) {
        int at = slot(stream.id);
        while (slots[at] != null) {
            at = (at + 1) & mask;
        }
        slots[at] = stream;
        count(stream, 1);
    }

    void remove(SessionStream stream) {
        int hole = slot(stream.id);
        while (slots[hole] != stream) {
            hole = (hole + 1) & mask;
        }
        count(stream, -1);
        // An entry that was pushed past the hole moves back to it.
        for (int at = (hole + 1) & mask; slots[at] != null; at = (at + 1) & mask) {
            final int home = slot(slots[at].id);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                slots[hole] = slots[at];
                hole = at;
            }
        }
        slots[hole] = null;
    }

    void forEach(Consumer<SessionStream> action) {
        for (SessionStream stream : slots.clone()) {
            if (stream != null) {
                action.accept(stream);
            }
        }
    }

    private boolean isOwn(long id) {
        return (id & 1) == ownParity;
    }

    private void count(SessionStream stream, int by) {
        if (isOwn(stream.id)) {
            ownCount += by;
        } else {
            peerCount += by;
        }
    }

    private void countHeld(SessionStream stream, int by) {
        if (isOwn(stream.id)) {
            ownHeld += by;
        } else {
            peerHeld += by;
        }
    }

    private int slot(long id) {
        return (int) ((id * 0x9e37_79b9_7f4a_7c15L) >>> 32) & mask;
    }
}
