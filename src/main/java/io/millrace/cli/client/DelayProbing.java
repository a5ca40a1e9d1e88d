package io.millrace.cli.client;

import io.millrace.cli.delays.ProbeFile;
import io.millrace.client.AddressBook.Route;
import io.millrace.client.EndPoint;
import io.millrace.client.LoopProbes;
import io.millrace.directory.ProbeHop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Probes of a client during its transfer: sends each when it is due, and records those that return.
 *
 * <p>Belongs to the thread that sends and receives.
 */
final class DelayProbing implements AutoCloseable {
    private static final long LAST_WAIT_NS = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_WAIT_NS = 50_000_000;

    private final EndPoint endPoint;
    private final Route loop; // null without probes
    private final ProbeFile file;
    private final LoopProbes probes;

    private DelayProbing(EndPoint endPoint, Route loop, ProbeFile file, LoopProbes probes) {
        this.endPoint = endPoint;
        this.loop = loop;
        this.file = file;
        this.probes = probes;
    }

    /** Sends no probe. */
    static DelayProbing none() {
        return new DelayProbing(null, null, null, null);
    }

    /**
     * Begins to probe.
     *
     * @param endPoint stays the caller's.
     * @param loop from here through relays with key epochs and back.
     * @param path of the file of probes.
     * @param meanGap mean time between two probes, 1 ns or more.
     */
    static DelayProbing start(EndPoint endPoint, Route loop, Path path, Duration meanGap) throws IOException {
        final ProbeFile file = ProbeFile.open(path);
        return new DelayProbing(
                endPoint,
                loop,
                file,
                new LoopProbes(file::append, new SecureRandom(), meanGap.toNanos(), System.nanoTime()));
    }

    /** Sends a probe if one is due; returns the time until the next one in nanoseconds. */
    long sendIfDue() {
        if (probes == null) {
            return Long.MAX_VALUE;
        }
        final long now = System.nanoTime();
        if (probes.dueNs() - now <= 0) {
            final ByteBuffer payload = probes.begin(now);
            final long departureNs = System.nanoTime();
            final List<ProbeHop> hops = endPoint.sendProbe(loop, payload.duplicate());
            if (!hops.isEmpty()) {
                probes.left(payload, hops, departureNs);
            }
        }
        return Math.max(0, probes.dueNs() - System.nanoTime());
    }

    /** Records a message that arrived, if it is a probe. */
    boolean take(ByteBuffer message, long nowNs) throws IOException {
        return probes != null && probes.take(message, nowNs);
    }

    /**
     * Goes on until enough probes were sent and all have returned, or the last one is 10 s old.
     *
     * @param atLeast probes to be sent.
     * @param stopped asked between probes.
     */
    void finish(long atLeast, BooleanSupplier stopped) throws IOException, InterruptedException {
        if (probes == null) {
            return;
        }
        long lastNs = System.nanoTime();
        while (!stopped.getAsBoolean()
                && (probes.sent() < atLeast
                        || (probes.returned() < probes.sent() && System.nanoTime() - lastNs < LAST_WAIT_NS))) {
            long wait = LONGEST_WAIT_NS;
            if (probes.sent() < atLeast) {
                wait = Math.min(wait, sendIfDue());
                lastNs = System.nanoTime();
            }
            for (ByteBuffer message = endPoint.receive(wait); message != null; message = endPoint.receive(0)) {
                take(message, System.nanoTime());
            }
        }
    }

    /** Probes that left. */
    long sent() {
        return probes == null ? 0 : probes.sent();
    }

    /** Probes that returned and are in the file. */
    long returned() {
        return probes == null ? 0 : probes.returned();
    }

    /** Closes the file. */
    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
