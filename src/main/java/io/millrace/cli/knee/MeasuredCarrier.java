package io.millrace.cli.knee;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.FrameBatch;

/**
 * A carrier between a subject and the generator that measures it: both ends of both links are the measurement's, under
 * keys drawn for it. So the subject may take the same packets again in the next interval.
 *
 * <p>Threading: as the carrier behind it.
 */
final class MeasuredCarrier implements Carrier {
    private final Carrier carrier;

    /** Takes over {@code carrier}. */
    MeasuredCarrier(Carrier carrier) {
        this.carrier = carrier;
    }

    @Override
    public int receive(FrameBatch frames, int limit, int roomLength) {
        return carrier.receive(frames, limit, roomLength);
    }

    @Override
    public int send(int peer, FrameBatch frames, int from, int count) {
        return carrier.send(peer, frames, from, count);
    }

    @Override
    public void sendMessage(int origin, FrameBatch messages, int index) {
        carrier.sendMessage(origin, messages, index);
    }

    @Override
    public void bind(int origin, int peer) {
        carrier.bind(origin, peer);
    }

    @Override
    public int pollLost() {
        return carrier.pollLost();
    }

    /** Every frame comes from the generator, or the link's keys refuse it. */
    @Override
    public boolean isClosedLoop() {
        return true;
    }

    @Override
    public long receiveErrors() {
        return carrier.receiveErrors();
    }

    @Override
    public long sendErrors() {
        return carrier.sendErrors();
    }

    @Override
    public void close() {
        carrier.close();
    }
}
