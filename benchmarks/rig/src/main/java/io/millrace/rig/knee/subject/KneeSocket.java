package io.millrace.rig.knee.subject;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.carrier.TcpCarrier;
import io.millrace.carrier.UdpCarrier;
import io.millrace.link.LinkFrame;
import io.millrace.memory.TrackedArena;
import io.millrace.metrics.NanoClock;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An end of the generator's or the subject's on the loopback address: a UDP socket, or a TCP socket with connections that
 * were greeted.
 *
 * <p>Belongs to one thread, which may hand the carrier to another for good.
 *
 * @param carrier of the frames.
 * @param port where it receives.
 */
public record KneeSocket(Carrier carrier, int port) implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_AGAIN_NS = 100_000;

    /**
     * Opens one.
     *
     * @param tcp whether over TCP.
     * @param greeted whether the ends of a TCP connection greet each other, because their links have no handshakes.
     * @param port 0 lets the system choose.
     * @param peers ports of the peers, in the order of their indexes.
     */
    public static KneeSocket open(boolean tcp, boolean greeted, int port, List<Integer> peers) throws IOException {
        final var addresses = peers.stream().map(RelaySubject::loopback).toList();
        if (tcp) {
            final TcpCarrier carrier =
                    TcpCarrier.open(RelaySubject.loopback(port), addresses, LinkFrame.FRAME_LENGTH, NanoClock.SYSTEM);
            return new KneeSocket(
                    greeted ? new GreetedCarrier(carrier, addresses.size()) : carrier,
                    carrier.localAddress().getPort());
        }
        final UdpCarrier carrier = UdpCarrier.open(RelaySubject.loopback(port), addresses);
        return new KneeSocket(carrier, carrier.localAddress().getPort());
    }

    /**
     * Makes the connection to peer 0, if it needs one.
     *
     * @param place index that this end has among that peer's own peers.
     */
    public void connect(int place) throws IOException {
        if (carrier instanceof GreetedCarrier greeted) {
            greeted.greet(0, place);
            final long began = System.nanoTime();
            try (TrackedArena arena = TrackedArena.shared()) {
                final DatagramBatch nothing = new DatagramBatch(arena.allocate(2L * LinkFrame.FRAME_LENGTH, 64), 1);
                nothing.room(0, 0);
                while (!greeted.isGreeted(0)) {
                    if (System.nanoTime() - began > PATIENCE_NS) {
                        throw new IOException("no answer at TCP port " + port);
                    }
                    greeted.receive(nothing, 1, LinkFrame.FRAME_LENGTH + 1);
                    LockSupport.parkNanos(LOOK_AGAIN_NS);
                }
            }
        }
    }

    /** Sends the frames that were taken; for an end that only sends. */
    public void push() {
        if (carrier instanceof GreetedCarrier greeted) {
            greeted.push();
        }
    }

    @Override
    public void close() {
        carrier.close();
    }
}
