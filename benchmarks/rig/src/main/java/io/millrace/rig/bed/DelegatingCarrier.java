package io.millrace.rig.bed;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import java.net.InetSocketAddress;

/**
 * A carrier that does all as another one does, for a measurement that changes one thing.
 *
 * <p>Threading: as the other carrier's.
 */
public class DelegatingCarrier implements Carrier {
    private final Carrier carrier;

    /**
     * Does as {@code carrier} does.
     *
     * @param carrier closed with this one.
     */
    protected DelegatingCarrier(Carrier carrier) {
        this.carrier = carrier;
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        return carrier.receive(frames, limit, roomLength);
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        return carrier.send(peer, frames, from, count);
    }

    @Override
    public boolean gainsByTrains() {
        return carrier.gainsByTrains();
    }

    @Override
    public void sendMessage(int origin, DatagramBatch messages, int index) {
        carrier.sendMessage(origin, messages, index);
    }

    @Override
    public void addPeer(int peer, InetSocketAddress address) {
        carrier.addPeer(peer, address);
    }

    @Override
    public void removePeer(int peer) {
        carrier.removePeer(peer);
    }

    @Override
    public void movePeer(int peer, InetSocketAddress address) {
        carrier.movePeer(peer, address);
    }

    @Override
    public void bind(int origin, int peer) {
        carrier.bind(origin, peer);
    }

    @Override
    public int pollLost() {
        return carrier.pollLost();
    }

    @Override
    public boolean canAwait() {
        return carrier.canAwait();
    }

    @Override
    public void await(long ns) {
        carrier.await(ns);
    }

    @Override
    public void wakeUp() {
        carrier.wakeUp();
    }

    @Override
    public boolean isClosedLoop() {
        return carrier.isClosedLoop();
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
