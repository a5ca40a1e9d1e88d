package io.millrace.rig.attack;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.carrier.UdpCarrier;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecureRandomness;
import io.millrace.link.Link;
import io.millrace.link.LinkCounters;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkHandshake;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkKeySlots;
import io.millrace.link.LinkListener;
import io.millrace.link.LinkPeer;
import io.millrace.link.LinkPort;
import io.millrace.link.LinkTiming;
import io.millrace.link.QuiescentState;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Collections;

/**
 * A peer's end of a link with a relay over UDP: a socket, handshakes and a recording of the last message of each type that
 * this end sent. Belongs to one thread at a time.
 */
final class LinkNeighbour implements LinkPort, AutoCloseable {
    /** Frames that {@link #receive} takes at once. */
    static final int BATCH = 64;

    /** From the start of one frame to that of the next in {@link #inbound}, in bytes. */
    static final int STRIDE = 2_176;

    /** First byte of a first message of a handshake. */
    static final int BEGIN = 1;

    /** First byte of a probe. */
    static final int PROBE = 5;

    private static final int RELAY = 0;
    private static final int TYPES = 8;

    private final TrackedArena arena = TrackedArena.shared();
    private final Randomness randomness = new SecureRandomness();
    private final DatagramBatch outbound = new DatagramBatch(arena.allocate(2L * Carrier.MESSAGE_LIMIT, 64), 1);
    private final DatagramBatch inbound = new DatagramBatch(arena.allocate((long) BATCH * STRIDE, 64), BATCH);
    private final byte[][] recorded = new byte[TYPES][];
    private final UdpCarrier carrier;
    private final LinkIdentity own;
    private final LinkPeer relay;
    private final LinkTiming timing;
    private LinkKeySlots cells;
    private Link link;
    private LinkHandshake handshake;

    /**
     * Binds a socket.
     *
     * @param own taken over.
     */
    LinkNeighbour(InetSocketAddress local, LinkIdentity own, LinkPeer relay, LinkTiming timing) throws IOException {
        this.own = own;
        this.relay = relay;
        this.timing = timing;
        UdpCarrier opened = null;
        try {
            opened = UdpCarrier.open(local, Collections.singletonList(null));
        } finally {
            if (opened == null) {
                own.close();
                arena.close();
            }
        }
        this.carrier = opened;
    }

    InetSocketAddress address() {
        return carrier.localAddress();
    }

    UdpCarrier carrier() {
        return carrier;
    }

    /** Says where the relay is. */
    void relayAt(InetSocketAddress address) {
        carrier.movePeer(RELAY, address);
    }

    /** Begins a new life: forgets all sessions, and begins a handshake with the next {@link #poll}. */
    void begin() {
        end();
        cells = new LinkKeySlots(1, QuiescentState.AT_ONCE);
        link = new Link();
        handshake = new LinkHandshake(
                RELAY, own, relay, link, new LinkCounters(), cells, this, timing, randomness, LinkListener.NONE);
    }

    /** The link since {@link #begin}. */
    Link link() {
        return link;
    }

    /** Does the due work. */
    void poll(long nowNs) {
        handshake.poll(nowNs, System.currentTimeMillis());
        cells.poll();
    }

    /**
     * Takes arrived messages: messages of the link at once, frames into the front of {@link #inbound}.
     *
     * @return frames.
     */
    int receive(long nowNs) {
        for (int i = 0; i < BATCH; i++) {
            inbound.room(i, (long) i * STRIDE + 64 - LinkFrame.HEADER_LENGTH);
        }
        int count = carrier.receive(inbound, BATCH, STRIDE - 64);
        for (int i = count - 1; i >= 0; i--) {
            if (LinkHandshake.isPossible(inbound.length(i))) {
                handshake.onMessage(
                        inbound.origin(i), inbound.memory().asSlice(inbound.position(i), inbound.length(i)), nowNs);
                inbound.swap(i, --count);
            }
        }
        return count;
    }

    DatagramBatch inbound() {
        return inbound;
    }

    /** The last message of that type that this end sent; null if there was none. */
    byte[] recorded(int type) {
        return recorded[type];
    }

    @Override
    public void send(int origin, MemorySegment text) {
        final int type = text.get(JAVA_BYTE, 0);
        recorded[type] = text.toArray(JAVA_BYTE);
        MemorySegment.copy(text, 0, outbound.memory(), 0, text.byteSize());
        outbound.frame(0, 0, (int) text.byteSize());
        carrier.sendMessage(origin, outbound, 0);
    }

    @Override
    public void bind(int origin) {
        carrier.bind(origin, RELAY);
    }

    private void end() {
        if (handshake != null) {
            handshake.close();
            link.close();
            cells.close();
            handshake = null;
        }
    }

    @Override
    public void close() {
        end();
        own.close();
        carrier.close();
        arena.close();
    }
}
