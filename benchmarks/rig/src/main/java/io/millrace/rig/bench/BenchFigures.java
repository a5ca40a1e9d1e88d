package io.millrace.rig.bench;

import io.millrace.relay.EngineCounters;
import java.util.Map;

/**
 * Raw figures of a measurement.
 *
 * @param before counters when the measurement began; nothing was in flight.
 * @param after counters when it ended.
 * @param last counters after the engine was stopped.
 * @param elapsedNs wall-clock time of the measurement.
 * @param threadCpuNs processor time of all threads of the relay by role: of the engine, with the I/O thread, of receipts and
 *     of the disk.
 * @param engineThreads number of the engine's threads.
 * @param allocatedBytes by all threads of the engine.
 * @param cryptoNs time in cryptography on the engine threads, by primitive.
 * @param frameworkNs time of the engine threads between two calls of cryptography.
 * @param drawNs cost of drawing one delay, measured apart.
 * @param ladderNs median of one ladder.
 * @param ladderSamples how many were taken.
 * @param prepareSeconds wrapping the packets took this long.
 * @param passes over the pool that were begun.
 * @param verified outgoing frames that were looked into and found right.
 * @param wrong outgoing frames that were looked into and found wrong.
 * @param drained whether everything left before the engine was stopped.
 */
record BenchFigures(
        EngineCounters before,
        EngineCounters after,
        EngineCounters last,
        long elapsedNs,
        Map<String, Long> threadCpuNs,
        int engineThreads,
        long allocatedBytes,
        Map<String, Long> cryptoNs,
        long frameworkNs,
        double drawNs,
        long ladderNs,
        long ladderSamples,
        double prepareSeconds,
        long passes,
        long verified,
        long wrong,
        boolean drained) {
    long received() {
        return after.received() - before.received();
    }

    long forwarded() {
        return after.forwarded() - before.forwarded();
    }

    long delivered() {
        return after.delivered() - before.delivered();
    }

    /** Packets that the relay has carried: forwarded and delivered, none dropped. */
    long carried() {
        return forwarded() + delivered();
    }

    /** Processor time of all threads of the relay. */
    long cpuNs() {
        return threadCpuNs.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The part of it of the threads that make receipts and bring files to the disk. */
    long stateCpuNs() {
        return threadCpuNs.getOrDefault("receipts", 0L) + threadCpuNs.getOrDefault("commit", 0L);
    }

    /** Packets dropped, for whatever reason, until the engine was stopped. */
    long dropped() {
        return last.droppedTotal() - before.droppedTotal();
    }
}
