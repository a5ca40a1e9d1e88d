package io.millrace.rig.cores;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.rig.bed.BenchFixture;
import io.millrace.rig.bed.BenchSubject;
import io.millrace.rig.bed.MeasuredPath;
import io.millrace.rig.bed.PreparedPackets;
import io.millrace.rig.measure.CoreSplit;
import io.millrace.rig.measure.ThreadMeter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Engines that run at the same time, each with all its threads, and with the thread that seals its packets, on processors of
 * its own.
 *
 * <p>Threading: belongs to one thread.
 */
final class BoundEngines implements AutoCloseable {
    private final List<BenchSubject> subjects = new ArrayList<>();

    /**
     * Keys, packets and cryptography of all engines.
     *
     * @param bed keys; stays the caller's and outlives the engines.
     * @param crypto of relays and neighbours; stays the caller's.
     * @param packets that the neighbours send; stay the caller's.
     */
    record Load(BenchFixture bed, BatchCrypto crypto, PreparedPackets packets) {}

    /**
     * Builds and starts the engines. They wait for {@link #resume()}.
     *
     * @param load keys, packets and cryptography.
     * @param path how each engine works.
     * @param processors of each engine; an empty list is an engine that runs where the system lets it.
     * @throws IOException if the files of a journal cannot be made.
     */
    BoundEngines(Load load, MeasuredPath path, List<List<Integer>> processors)
            throws IOException, InterruptedException {
        boolean started = false;
        try {
            for (List<Integer> own : processors) {
                subjects.add(on(own, () -> started(load, path)));
            }
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /** Lets the neighbours offer packets. */
    void resume() {
        subjects.forEach(BenchSubject::resume);
    }

    /**
     * Lets the neighbours offer nothing more, and waits until every packet has left.
     *
     * @throws IllegalStateException if an engine has failed, or keeps a packet.
     */
    void drain() throws InterruptedException {
        subjects.forEach(BenchSubject::pause);
        for (BenchSubject subject : subjects) {
            subject.drain();
        }
    }

    /**
     * Packets forwarded and delivered so far, by all engines together.
     *
     * @throws IllegalStateException if an engine has failed.
     */
    long ended() {
        long sum = 0;
        for (BenchSubject subject : subjects) {
            subject.requireRunning();
            sum += subject.engine().counters().forwarded()
                    + subject.engine().counters().delivered();
        }
        return sum;
    }

    /** Whether no packet was lost or dropped by any engine. */
    boolean conserved() {
        return subjects.stream()
                .allMatch(subject -> subject.engine().counters().conserved()
                        && subject.engine().counters().droppedTotal() == 0);
    }

    /** Outgoing frames that the next hop looked into, and found right. */
    long verified() {
        return subjects.stream().mapToLong(BenchSubject::verified).sum();
    }

    /** Outgoing frames that the next hop looked into, and found wrong. */
    long wrong() {
        return subjects.stream().mapToLong(BenchSubject::wrong).sum();
    }

    /**
     * Processor time so far of the threads of all engines whose names begin so, in nanoseconds.
     *
     * @param beginning of the names.
     */
    long cpuNs(String beginning) {
        return ThreadMeter.cpuNs(subjects.stream()
                .flatMap(subject -> subject.engine().threads().stream())
                .filter(thread -> thread.getName().startsWith(beginning))
                .toList());
    }

    @Override
    public void close() throws IOException {
        for (BenchSubject subject : subjects) {
            subject.close();
        }
    }

    private static BenchSubject started(Load load, MeasuredPath path) throws IOException {
        final BenchSubject subject = new BenchSubject(
                load.bed(), new BenchSubject.Parts(path, load.crypto(), load.crypto(), load.packets(), true, () -> {}));
        boolean started = false;
        try {
            subject.engine().start();
            started = true;
            return subject;
        } finally {
            if (!started) {
                subject.close();
            }
        }
    }

    /** Threads inherit the processors of the thread that starts them. */
    private static BenchSubject on(List<Integer> processors, Callable<BenchSubject> building)
            throws IOException, InterruptedException {
        final FutureTask<BenchSubject> task = new FutureTask<>(() -> {
            CoreSplit.bind(processors);
            return building.call();
        });
        final Thread builder = new Thread(task, "bench-cores");
        builder.start();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw new IOException(io.getMessage(), io);
            }
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }
}
