package io.millrace.rig.bed;

import io.millrace.carrier.DatagramBatch;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.Link;
import io.millrace.link.LinkFrame;
import io.millrace.link.LinkSealer;
import io.millrace.memory.TrackedArena;
import java.util.List;

/** Seals frames straight into the engine's slots, on the engine's I/O thread: no copy, no third thread. */
final class InlineSource implements FrameSource {
    private static final int BATCH = 64;

    private final TrackedArena arena = TrackedArena.shared();
    private final BatchCrypto crypto;
    private final PreparedPackets pool;
    private final List<Link> links;
    private LinkSealer sealer;
    private int next;
    private long pass = 1; // the number of the key epoch too

    /** Takes over {@code links}, the neighbours' ends, by index. */
    InlineSource(BatchCrypto crypto, PreparedPackets pool, List<Link> links) {
        this.crypto = crypto;
        this.pool = pool;
        this.links = links;
    }

    @Override
    public int take(DatagramBatch frames, int limit) {
        if (sealer == null) {
            sealer = new LinkSealer(arena, crypto, frames.memory(), BATCH);
        }
        final int count = Math.min(limit, BATCH);
        for (int i = 0; i < count; i++) {
            final long position = frames.position(i);
            pool.copyTo(next, frames.memory(), position + LinkFrame.HEADER_LENGTH);
            final int sender = PreparedSphinxPackets.Route.sender(next, links.size());
            if (!sealer.add(position, links.get(sender), pass)) {
                throw new AssertionError("the link's counters are used up");
            }
            frames.filled(i, LinkFrame.FRAME_LENGTH, sender);
            next++;
            if (next == pool.count()) {
                next = 0;
                pass++;
            }
        }
        sealer.seal();
        return count;
    }

    @Override
    public void close() {
        links.forEach(Link::close);
        arena.close();
    }
}
