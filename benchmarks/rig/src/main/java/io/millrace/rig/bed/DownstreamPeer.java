package io.millrace.rig.bed;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.FrameStatus;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkOpener;
import io.millrace.memory.TrackedArena;
import io.millrace.sphinx.CommandType;
import io.millrace.sphinx.PeelBatch;
import io.millrace.sphinx.PeelStatus;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxPeeler;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The next hops: take every frame, and of one in {@link #LOOKS_EACH} open the frame and peel the packet, to see that
 * the relay under test did its work. Belongs to the engine's I/O thread.
 */
final class DownstreamPeer implements AutoCloseable {
    /** Every how manyth frame is looked into. */
    static final int LOOKS_EACH = 1_024;

    private static final long FRAME_POSITION = 64L - LinkFrame.HEADER_LENGTH;

    private final TrackedArena arena = TrackedArena.shared();
    private final MemorySegment memory = arena.allocate(128L + LinkFrame.PACKET_LENGTH, 64);
    private final List<Link> links;
    private final List<RelaySphinxKey> keys;
    private final LinkOpener opener;
    private final SphinxPeeler peeler;
    private final PeelBatch peel;
    private long frames;
    private final AtomicLong verified = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();

    /** Takes over {@code links} and {@code keys}, the neighbours' own, by index; all keys are of the geometry's profile. */
    DownstreamPeer(BatchCrypto crypto, SphinxGeometry geometry, List<Link> links, List<RelaySphinxKey> keys) {
        this.links = links;
        this.keys = keys;
        this.opener = new LinkOpener(arena, crypto, memory, 1);
        this.peeler = new SphinxPeeler(arena, crypto, geometry, 1);
        this.peel = new PeelBatch(arena, geometry, memory, 1);
    }

    /** Takes a frame for neighbour {@code peer}. */
    void take(int peer, MemorySegment source, long position, int length) {
        if (frames++ % LOOKS_EACH != 0) {
            return;
        }
        MemorySegment.copy(source, position, memory, FRAME_POSITION, length);
        if (isRight(peer, length)) {
            verified.incrementAndGet();
        } else {
            wrong.incrementAndGet();
        }
    }

    /** Frames that were looked into and found right; any thread. */
    long verified() {
        return verified.get();
    }

    /** Frames that were looked into and found wrong; any thread. */
    long wrong() {
        return wrong.get();
    }

    @Override
    public void close() {
        links.forEach(Link::close);
        keys.forEach(RelaySphinxKey::close);
        arena.close();
    }

    private boolean isRight(int peer, int length) {
        final Link link = links.get(peer);
        if (opener.add(FRAME_POSITION, length, link, true) != FrameStatus.OK) {
            return false;
        }
        opener.open();
        if (opener.status(0) != FrameStatus.OK || !link.accept(opener.counter(0))) {
            return false;
        }
        peel.clear();
        peel.add(FRAME_POSITION + LinkFrame.HEADER_LENGTH);
        peeler.authenticate(keys.get(peer), peel);
        peeler.transform(peel);
        return peel.status(0) == PeelStatus.OK && peel.command(0) == CommandType.DELIVER;
    }
}
