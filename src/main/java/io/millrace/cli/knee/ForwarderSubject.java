package io.millrace.cli.knee;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.FrameBatch;
import io.millrace.cli.bench.bed.LoopThread;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The floor: sends every frame on as it came, over the carrier that the relay uses, in one thread. What it loses, the
 * machine's sockets lose; what it takes, a relay cannot do without.
 */
final class ForwarderSubject implements Subject {
    private static final int BATCH = 64;
    private static final int ROOM = 2_176;
    private static final long IDLE_NS = 10_000;

    private final TrackedArena arena = TrackedArena.shared();
    private final Carrier carrier;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong forwarded = new AtomicLong();
    private final FrameBatch frames = new FrameBatch(arena.allocate((long) BATCH * ROOM, 64), BATCH);
    private final LoopThread thread;

    ForwarderSubject(SubjectSetup setup) throws IOException {
        carrier = KneeSocket.open(setup.tcp(), setup.port(), setup.upstreamPort(), setup.downstreamPort())
                .carrier();
        for (int i = 0; i < BATCH; i++) {
            frames.room(i, (long) i * ROOM);
        }
        thread = new LoopThread("knee-forwarder", IDLE_NS, this::forward);
    }

    @Override
    public void epoch() {
        received.set(0);
        forwarded.set(0);
    }

    @Override
    public SubjectReport report() {
        thread.failure().ifPresent(failure -> {
            throw new IllegalStateException("the forwarder failed", failure);
        });
        final long out = forwarded.get();
        final long in = received.get();
        final Map<String, Long> dropped = in == out ? Map.of() : Map.of("not-taken-by-socket", in - out);
        return new SubjectReport(in, out, dropped, 0, true, SubjectReport.compiledMsHere(), Map.of());
    }

    @Override
    public void close() {
        thread.close();
        carrier.close();
        arena.close();
    }

    private int forward() {
        final int count = carrier.receive(frames, BATCH, ROOM);
        if (count > 0) {
            final int taken = carrier.send(SubjectSetup.DOWNSTREAM, frames, 0, count);
            received.addAndGet(count);
            forwarded.addAndGet(taken);
        }
        return count;
    }
}
