package io.millrace.rig.knee.subject;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.carrier.TcpCarrier;
import io.millrace.memory.TrackedArena;

/**
 * TCP for links with a pre-shared key, which have no handshake that would tell whose a connection is: the connecting end sends
 * a greeting and is answered by the same. For measuring on loopback, where no stranger is: a greeting proves nothing.
 *
 * <p>Not thread safe; belongs to the I/O thread. Allocates nothing after construction.
 */
final class GreetedCarrier implements Carrier {
    /** Length of a greeting in bytes: like no frame and no message of a handshake. */
    private static final int GREETING_LENGTH = 5;

    private final TcpCarrier tcp;
    private final boolean[] greeted;
    private final TrackedArena arena = TrackedArena.shared();
    private final DatagramBatch greeting = new DatagramBatch(arena.allocate(64, 64), 1);

    /** Takes {@code tcp} over, which has {@code peers} peers. */
    GreetedCarrier(TcpCarrier tcp, int peers) {
        this.tcp = tcp;
        this.greeted = new boolean[peers];
        greeting.frame(0, 0, GREETING_LENGTH);
    }

    /** Connects to {@code peer} and says which of its peers this is. */
    void greet(int peer, int place) {
        greeting.memory().set(JAVA_BYTE, 0, (byte) place);
        tcp.sendMessage(peer, greeting, 0);
    }

    /** Whether {@code peer} has greeted, of itself or in answer. */
    boolean isGreeted(int peer) {
        return greeted[peer];
    }

    /** Writes frames of earlier calls, as far as the sockets take them. */
    void push() {
        tcp.receive(greeting, 0, 0);
    }

    @Override
    public boolean canAwait() {
        return tcp.canAwait();
    }

    @Override
    public void await(long ns) {
        tcp.await(ns);
    }

    @Override
    public void wakeUp() {
        tcp.wakeUp();
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        int count = tcp.receive(frames, limit, roomLength);
        for (int i = count - 1; i >= 0; i--) {
            if (frames.length(i) == GREETING_LENGTH) {
                greeting(frames.peer(i), frames.memory().get(JAVA_BYTE, frames.position(i)));
                count--;
                frames.swap(i, count);
            }
        }
        return count;
    }

    /** From a connection without a peer yet, or the answer of the peer that was greeted. */
    private void greeting(int origin, int place) {
        if (origin >= 0) {
            greeted[origin] = true;
        } else if (place >= 0 && place < greeted.length) {
            tcp.bind(origin, place);
            greeted[place] = true;
            greet(place, 0);
        }
    }

    @Override
    public boolean gainsByTrains() {
        return tcp.gainsByTrains();
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        return tcp.send(peer, frames, from, count);
    }

    @Override
    public long receiveErrors() {
        return tcp.receiveErrors();
    }

    @Override
    public long sendErrors() {
        return tcp.sendErrors();
    }

    @Override
    public void close() {
        tcp.close();
        arena.close();
    }
}
