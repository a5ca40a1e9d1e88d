package io.millrace.carrier;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Two carriers as one: some peers are reached over the one, the others over the other. Each carrier has the addresses of its
 * own peers only, under the indexes of this one; frames that arrive over the wrong carrier come from a stranger. Origins that
 * are no peers alternate: those of the first carrier become the even ones, those of the second the odd ones.
 *
 * <p>Threading: one I/O thread.
 */
public final class MixedCarrier implements Carrier {
    private static final int FIRST_ORIGIN = DatagramBatch.UNKNOWN_PEER - 1;

    private final Carrier first;
    private final Carrier second;
    private volatile boolean[] overSecond;
    private boolean secondsTurn;

    /**
     * Joins two carriers, and closes them.
     *
     * @param first with an address for each peer that is reached over it, and none for the others.
     * @param second likewise.
     * @param overSecond for each peer, whether it is reached over {@code second}.
     */
    public MixedCarrier(Carrier first, Carrier second, List<Boolean> overSecond) {
        this.first = first;
        this.second = second;
        final boolean[] flags = new boolean[overSecond.size()];
        for (int peer = 0; peer < flags.length; peer++) {
            flags[peer] = overSecond.get(peer);
        }
        this.overSecond = flags;
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        secondsTurn = !secondsTurn;
        final int count = receive(secondsTurn, frames, limit, roomLength);
        return count > 0 ? count : receive(!secondsTurn, frames, limit, roomLength);
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        return of(peer).send(peer, frames, from, count);
    }

    @Override
    public boolean gainsByTrains() {
        return first.gainsByTrains() || second.gainsByTrains();
    }

    @Override
    public void sendMessage(int origin, DatagramBatch messages, int index) {
        (isOfSecond(origin) ? second : first).sendMessage(inner(origin), messages, index);
    }

    /** Adds a peer that is reached over the first carrier. */
    @Override
    public synchronized void addPeer(int peer, InetSocketAddress address) {
        first.addPeer(peer, address);
        final boolean[] next = Arrays.copyOf(overSecond, Math.max(overSecond.length, peer + 1));
        next[peer] = false;
        overSecond = next;
    }

    @Override
    public synchronized void movePeer(int peer, InetSocketAddress address) {
        (isOverSecond(peer) ? second : first).movePeer(peer, address);
    }

    @Override
    public synchronized void removePeer(int peer) {
        (isOverSecond(peer) ? second : first).removePeer(peer);
    }

    @Override
    public void bind(int origin, int peer) {
        (isOfSecond(origin) ? second : first).bind(inner(origin), peer);
    }

    @Override
    public int pollLost() {
        final int peer = first.pollLost();
        return peer == DatagramBatch.UNKNOWN_PEER ? second.pollLost() : peer;
    }

    @Override
    public long receiveErrors() {
        return first.receiveErrors() + second.receiveErrors();
    }

    @Override
    public long sendErrors() {
        return first.sendErrors() + second.sendErrors();
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }

    private int receive(boolean fromSecond, DatagramBatch frames, int limit, int roomLength) {
        final int count = (fromSecond ? second : first).receive(frames, limit, roomLength);
        for (int i = 0; i < count; i++) {
            final int peer = frames.peer(i);
            if (peer >= 0 && isOverSecond(peer) != fromSecond) {
                frames.filled(i, frames.length(i), DatagramBatch.UNKNOWN_PEER);
            } else if (frames.origin(i) < DatagramBatch.UNKNOWN_PEER) {
                frames.filled(i, frames.length(i), peer, outer(frames.origin(i), fromSecond));
            }
        }
        return count;
    }

    private boolean isOverSecond(int peer) {
        final boolean[] now = overSecond;
        return peer >= 0 && peer < now.length && now[peer];
    }

    private Carrier of(int peer) {
        return isOverSecond(peer) ? second : first;
    }

    /** Number here of an origin that is no peer; a carrier has less than 2^30 of them. */
    private static int outer(int origin, boolean ofSecond) {
        return FIRST_ORIGIN - (2 * (FIRST_ORIGIN - origin) + (ofSecond ? 1 : 0));
    }

    private static int inner(int origin) {
        return origin > FIRST_ORIGIN ? origin : FIRST_ORIGIN - (FIRST_ORIGIN - origin) / 2;
    }

    private boolean isOfSecond(int origin) {
        return origin > FIRST_ORIGIN ? isOverSecond(origin) : (FIRST_ORIGIN - origin) % 2 == 1;
    }
}
