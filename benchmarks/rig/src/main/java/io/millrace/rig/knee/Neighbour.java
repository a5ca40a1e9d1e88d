package io.millrace.rig.knee;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.crypto.SecureRandomness;
import io.millrace.link.Link;
import io.millrace.link.LinkCounters;
import io.millrace.link.LinkHandshake;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkKeySlots;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkListener;
import io.millrace.link.LinkPeer;
import io.millrace.link.LinkPort;
import io.millrace.link.LinkTiming;
import io.millrace.memory.TrackedArena;
import io.millrace.rig.knee.subject.KneeSocket;
import java.lang.foreign.MemorySegment;

/**
 * One neighbour of the subject, as the generator plays it: a socket, and its end of the link, which is pre-shared or comes
 * from handshakes.
 *
 * <p>Belongs to the generator's thread. Allocates nothing per frame.
 */
final class Neighbour implements AutoCloseable {
    private static final int SUBJECT = 0;

    private final KneeSocket socket;
    private final Link link;
    private final Handshakes handshakes; // null: pre-shared

    private Neighbour(KneeSocket socket, Link link, Handshakes handshakes) {
        this.socket = socket;
        this.link = link;
        this.handshakes = handshakes;
    }

    /** With keys that both ends have; takes {@code socket} and {@code keys} over. */
    static Neighbour preShared(KneeSocket socket, LinkKeys keys) {
        return new Neighbour(socket, new Link(keys), null);
    }

    /**
     * With keys from handshakes.
     *
     * @param socket taken over, as is {@code own}.
     * @param subject the other end.
     * @param keySlots for the keys of sessions; stay the caller's.
     */
    static Neighbour handshaked(KneeSocket socket, LinkIdentity own, LinkPeer subject, LinkKeySlots keySlots) {
        final Link link = new Link();
        return new Neighbour(socket, link, new Handshakes(socket.carrier(), own, subject, link, keySlots));
    }

    Carrier carrier() {
        return socket.carrier();
    }

    KneeSocket socket() {
        return socket;
    }

    Link link() {
        return link;
    }

    /** Looks after handshakes and keys, at most a millisecond late. */
    void poll(long nowNs) {
        if (handshakes != null) {
            handshakes.poll(nowNs);
        }
        socket.push();
    }

    /**
     * Receives; messages of handshakes are taken and only frames stay, in front.
     *
     * @return frames.
     */
    int receive(DatagramBatch frames, int limit, int roomLength, long nowNs) {
        int count = socket.carrier().receive(frames, limit, roomLength);
        if (handshakes != null) {
            for (int i = count - 1; i >= 0; i--) {
                if (LinkHandshake.isPossible(frames.length(i))) {
                    handshakes.take(frames, i, nowNs);
                    frames.swap(i, --count);
                }
            }
        }
        return count;
    }

    @Override
    public void close() {
        if (handshakes != null) {
            handshakes.close();
        }
        link.close();
        socket.close();
    }

    /** The handshakes of one link. */
    private static final class Handshakes implements LinkPort, AutoCloseable {
        private final TrackedArena arena = TrackedArena.shared();
        private final DatagramBatch message = new DatagramBatch(arena.allocate(2L * Carrier.MESSAGE_LIMIT, 64), 1);
        private final Carrier carrier;
        private final LinkIdentity own;
        private final LinkHandshake handshake;

        Handshakes(Carrier carrier, LinkIdentity own, LinkPeer subject, Link link, LinkKeySlots keySlots) {
            this.carrier = carrier;
            this.own = own;
            this.handshake = new LinkHandshake(
                    SUBJECT,
                    own,
                    subject,
                    link,
                    new LinkCounters(),
                    keySlots,
                    this,
                    LinkTiming.DEFAULT,
                    new SecureRandomness(),
                    LinkListener.NONE);
        }

        void poll(long nowNs) {
            for (int lost = carrier.pollLost(); lost != DatagramBatch.UNKNOWN_PEER; lost = carrier.pollLost()) {
                handshake.onLost(nowNs);
            }
            handshake.poll(nowNs, System.currentTimeMillis());
        }

        void take(DatagramBatch frames, int index, long nowNs) {
            handshake.onMessage(
                    frames.peer(index), frames.memory().asSlice(frames.position(index), frames.length(index)), nowNs);
        }

        @Override
        public void send(int origin, MemorySegment text) {
            MemorySegment.copy(text, 0, message.memory(), 0, text.byteSize());
            message.frame(0, 0, (int) text.byteSize());
            carrier.sendMessage(origin, message, 0);
        }

        @Override
        public void bind(int origin) {
            carrier.bind(origin, SUBJECT);
        }

        @Override
        public void close() {
            handshake.close();
            own.close();
            arena.close();
        }
    }
}
