package io.millrace.node.counters;

import java.time.Instant;
import java.util.Optional;

/**
 * What became of a relay whose counters were read.
 *
 * <p>Its process is looked up by pid and start time. A process that is not there may live in another container: it runs if
 * its heartbeat goes on.
 */
public enum RelayLife {
    /** The heartbeat goes on. */
    RUNNING(true),
    /** It ended in order. */
    STOPPED(true),
    /** The process is there, and its heartbeat has stopped. */
    STALLED(false),
    /** The engine failed on a bug. */
    FAILED(false),
    /** The process is gone without having ended in order. */
    GONE(false);

    /** Age from which on a heartbeat has stopped, in milliseconds; ten to twenty of them are due in the time. */
    public static final long STALE_MS = 2_000;

    /** Time between two readings that tell whether a heartbeat goes on, in milliseconds. */
    public static final long LOOK_AGAIN_MS = 5 * CountersMirror.PERIOD_MS;

    /** Start times of one process differ by so much where the clock was set meanwhile, in milliseconds. */
    private static final long SAME_START_MS = 10_000;

    private final boolean well;

    RelayLife(boolean well) {
        this.well = well;
    }

    /** Whether the relay runs, or ended as it should. */
    public boolean isWell() {
        return well;
    }

    /** Looks for processes. */
    @FunctionalInterface
    public interface Processes {
        /** Those of this machine. */
        Processes SYSTEM = pid -> ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(process ->
                        process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));

        /**
         * When a process began.
         *
         * @param pid any number.
         * @return milliseconds since 1970, 0 if it is not known; empty if there is no such process.
         */
        Optional<Long> startMs(long pid);
    }

    /**
     * Judges by one reading.
     *
     * @param read from the file.
     * @param nowMs the clock, in milliseconds since 1970.
     * @param processes of this machine.
     * @return empty if only a later reading can tell: the heartbeat is fresh, and the process is not to be seen from here.
     */
    public static Optional<RelayLife> of(CountersSnapshot read, long nowMs, Processes processes) {
        if (read.state() == RelayState.STOPPED) {
            return Optional.of(STOPPED);
        }
        if (read.state() == RelayState.FAILED) {
            return Optional.of(FAILED);
        }
        final boolean there = isThere(read, processes);
        if (nowMs - read.heartbeatMs() >= STALE_MS) {
            return Optional.of(there ? STALLED : GONE);
        }
        return there ? Optional.of(RUNNING) : Optional.empty();
    }

    /**
     * Judges by two readings, where one did not tell.
     *
     * @param first reading.
     * @param later reading of the same file, at least {@link #LOOK_AGAIN_MS} later.
     * @return the state by the later one.
     */
    public static RelayLife of(CountersSnapshot first, CountersSnapshot later) {
        if (later.state() == RelayState.STOPPED) {
            return STOPPED;
        }
        if (later.state() == RelayState.FAILED) {
            return FAILED;
        }
        return later.sequence() != first.sequence() || later.startMs() != first.startMs() ? RUNNING : GONE;
    }

    private static boolean isThere(CountersSnapshot read, Processes processes) {
        return processes
                .startMs(read.pid())
                .filter(started -> started == 0
                        || read.processStartMs() == 0
                        || Math.abs(started - read.processStartMs()) <= SAME_START_MS)
                .isPresent();
    }
}
