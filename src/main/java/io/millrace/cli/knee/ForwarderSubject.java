package io.millrace.cli.knee;

import io.millrace.carrier.FrameBatch;
import io.millrace.carrier.UdpCarrier;
import io.millrace.memory.TrackedArena;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The floor: sends every datagram on as it came, over the carrier that the relay uses, in one thread. What it loses, the
 * machine's sockets lose; what it takes, a relay cannot do without.
 */
final class ForwarderSubject implements Subject {
    private static final int BATCH = 64;
    private static final int ROOM = 2_176;
    private static final long IDLE_NS = 10_000;
    private static final int DOWNSTREAM = 1;

    private final TrackedArena arena = TrackedArena.shared();
    private final UdpCarrier carrier;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong forwarded = new AtomicLong();
    private final Thread thread;
    private volatile boolean running = true;
    private volatile Throwable failure;

    ForwarderSubject(SubjectSetup setup) throws IOException {
        carrier = UdpCarrier.open(
                RelaySubject.loopback(setup.port()),
                List.of(RelaySubject.loopback(setup.upstreamPort()), RelaySubject.loopback(setup.downstreamPort())));
        thread = Thread.ofPlatform().name("knee-forwarder").start(this::forward);
    }

    @Override
    public void epoch() {
        received.set(0);
        forwarded.set(0);
    }

    @Override
    public SubjectReport report() {
        if (failure != null) {
            throw new IllegalStateException("the forwarder failed", failure);
        }
        final long out = forwarded.get();
        final long in = received.get();
        final Map<String, Long> dropped = in == out ? Map.of() : Map.of("not-taken-by-socket", in - out);
        return new SubjectReport(in, out, dropped, 0, true, Map.of());
    }

    @Override
    public void close() {
        running = false;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        carrier.close();
        arena.close();
    }

    private void forward() {
        try {
            final FrameBatch frames = new FrameBatch(arena.allocate((long) BATCH * ROOM, 64), BATCH);
            for (int i = 0; i < BATCH; i++) {
                frames.room(i, (long) i * ROOM);
            }
            while (running) {
                final int count = carrier.receive(frames, BATCH, ROOM);
                if (count == 0) {
                    LockSupport.parkNanos(IDLE_NS);
                    continue;
                }
                final int taken = carrier.send(DOWNSTREAM, frames, 0, count);
                received.addAndGet(count);
                forwarded.addAndGet(taken);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }
}
