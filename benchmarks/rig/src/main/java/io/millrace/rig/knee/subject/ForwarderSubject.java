package io.millrace.rig.knee.subject;

import io.millrace.carrier.DatagramBatch;
import io.millrace.memory.TrackedArena;
import io.millrace.rig.bed.LoopThread;
import io.millrace.rig.measure.WorkMeter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The floor: sends every frame on as it came, over the carrier that the relay uses, in one thread, to the neighbour that
 * follows the sender. Its losses are those of the machine's sockets; its cost is the floor for every relay.
 */
final class ForwarderSubject implements Subject {
    private static final int BATCH = 64;
    private static final int ROOM = 2_176;
    private static final long IDLE_NS = 10_000;

    private final TrackedArena arena = TrackedArena.shared();
    private final SubjectSetup setup;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong forwarded = new AtomicLong();
    private final DatagramBatch frames = new DatagramBatch(arena.allocate((long) BATCH * ROOM, 64), BATCH);
    private WorkMeter meter; // of the interval
    private TimedCarrier carrier; // null before the first interval
    private LoopThread thread;

    ForwarderSubject(SubjectSetup setup) {
        this.setup = setup;
    }

    @Override
    public void begin(int epoch) throws IOException {
        end();
        received.set(0);
        forwarded.set(0);
        meter = new WorkMeter();
        carrier = new TimedCarrier(
                KneeSocket.open(setup.tcp(), true, setup.port(), setup.ports()).carrier(), meter);
        thread = new LoopThread("knee-forwarder", IDLE_NS, this::forward);
    }

    @Override
    public void roll() {
        // It has no keys.
    }

    @Override
    public SubjectReport report() {
        thread.failure().ifPresent(failure -> {
            throw new IllegalStateException("the forwarder failed", failure);
        });
        final long out = forwarded.get();
        final long in = received.get();
        final Map<String, Long> dropped = in == out ? Map.of() : Map.of("not-taken-by-socket", in - out);
        final Map<String, Long> work = carrier.spentNs();
        work.put(ENGINE, meter.betweenNs());
        work.put(IDLE, meter.idleNs());
        return new SubjectReport(
                in,
                out,
                dropped,
                0,
                true,
                SubjectReport.compiledMsHere(),
                SubjectReport.threadsNs(List.of(thread.thread())),
                work,
                carrier.calls(),
                0,
                List.of(),
                Map.of());
    }

    @Override
    public void close() {
        end();
        arena.close();
    }

    private void end() {
        if (thread != null) {
            thread.close();
            carrier.close();
        }
    }

    private int forward() {
        for (int i = 0; i < BATCH; i++) {
            frames.room(i, (long) i * ROOM);
        }
        final int count = carrier.receive(frames, BATCH, ROOM);
        int sent = 0;
        for (int from = 0; from < count; ) {
            int run = 1;
            while (from + run < count && frames.peer(from + run) == frames.peer(from)) {
                run++;
            }
            if (frames.peer(from) >= 0) {
                sent += carrier.send(
                        (frames.peer(from) + 1) % setup.neighbours().size(), frames, from, run);
            }
            from += run;
        }
        if (count > 0) {
            received.addAndGet(count);
            forwarded.addAndGet(sent);
        }
        return count;
    }
}
