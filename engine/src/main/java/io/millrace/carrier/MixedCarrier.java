package io.millrace.carrier;

import java.util.List;

/**
 * Two carriers as one: some peers are reached over the one, the others over the other. Both know every peer under the
 * same index; what comes over the wrong one comes from nobody.
 *
 * <p>Threading: one I/O thread.
 */
public final class MixedCarrier implements Carrier {
    private final Carrier first;
    private final Carrier second;
    private final boolean[] overSecond;
    private boolean secondsTurn;

    /**
     * Joins two carriers, and closes them.
     *
     * @param overSecond for each peer, whether it is reached over {@code second}.
     */
    public MixedCarrier(Carrier first, Carrier second, List<Boolean> overSecond) {
        this.first = first;
        this.second = second;
        this.overSecond = new boolean[overSecond.size()];
        for (int peer = 0; peer < this.overSecond.length; peer++) {
            this.overSecond[peer] = overSecond.get(peer);
        }
    }

    @Override
    public int receive(FrameBatch frames, int limit, int roomLength) {
        secondsTurn = !secondsTurn;
        final int count = receive(secondsTurn, frames, limit, roomLength);
        return count > 0 ? count : receive(!secondsTurn, frames, limit, roomLength);
    }

    @Override
    public int send(int peer, FrameBatch frames, int from, int count) {
        return of(peer).send(peer, frames, from, count);
    }

    @Override
    public void sendMessage(int origin, FrameBatch messages, int index) {
        of(origin).sendMessage(origin, messages, index);
    }

    @Override
    public void bind(int origin, int peer) {
        of(origin).bind(origin, peer);
    }

    @Override
    public int pollLost() {
        final int peer = first.pollLost();
        return peer == FrameBatch.UNKNOWN_PEER ? second.pollLost() : peer;
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

    private int receive(boolean fromSecond, FrameBatch frames, int limit, int roomLength) {
        final int count = (fromSecond ? second : first).receive(frames, limit, roomLength);
        for (int i = 0; i < count; i++) {
            final int peer = frames.peer(i);
            if (peer >= 0 && overSecond[peer] != fromSecond) {
                frames.filled(i, frames.length(i), FrameBatch.UNKNOWN_PEER);
            }
        }
        return count;
    }

    private Carrier of(int origin) {
        return origin < 0 || overSecond[origin] ? second : first;
    }
}
