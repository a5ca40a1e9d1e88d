package io.millrace.cli.bench.bed;

import io.millrace.carrier.FrameBatch;
import io.millrace.crypto.BatchCrypto;
import io.millrace.htx.Link;
import io.millrace.htx.LinkFrame;
import io.millrace.htx.LinkSealer;
import io.millrace.memory.TrackedArena;

/** Seals frames straight into the engine's slots, on the engine's I/O thread: no copy, no third thread. */
final class InlineSource implements FrameSource {
    private static final int BATCH = 64;

    private final TrackedArena arena = TrackedArena.shared();
    private final BatchCrypto crypto;
    private final PreparedPackets pool;
    private final Link link;
    private LinkSealer sealer;
    private int next;
    private long pass = 1; // the number of the key epoch too

    /** Takes over {@code link}, the upstream peer's end. */
    InlineSource(BatchCrypto crypto, PreparedPackets pool, Link link) {
        this.crypto = crypto;
        this.pool = pool;
        this.link = link;
    }

    @Override
    public int take(FrameBatch frames, int limit) {
        if (sealer == null) {
            sealer = new LinkSealer(arena, crypto, frames.memory(), BATCH);
        }
        final int count = Math.min(limit, BATCH);
        for (int i = 0; i < count; i++) {
            final long position = frames.position(i);
            pool.copyTo(next, frames.memory(), position + LinkFrame.HEADER_LENGTH);
            if (!sealer.add(position, link, pass)) {
                throw new AssertionError("the link's counters are used up");
            }
            frames.filled(i, LinkFrame.FRAME_LENGTH, BenchCarrier.UPSTREAM);
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
        link.close();
        arena.close();
    }
}
