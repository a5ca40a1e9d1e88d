package io.millrace.config;

import java.time.Duration;
import java.util.Objects;

/**
 * Size and threads of an engine. Immutable; validated once, here.
 *
 * @param threading how work is spread over threads.
 * @param peelWorkers number of peel workers, 1 to 64; used by {@link ThreadingMode#PARALLEL} only.
 * @param idleMode behaviour of a thread without work.
 * @param slotCount packets that the engine can hold at once, 64 to 2^20; the wheel holds as many.
 * @param ringSize events in the ring, a power of two, 64 to 2^20.
 * @param batchLimit packets that a stage works on at once, 1 to 256.
 * @param tick resolution of the delay wheel, 1 microsecond or more.
 * @param maxDelay longest delay that the wheel holds, {@code tick} to 2^20 ticks; longer ones are dropped and counted.
 * @param egressLimit sealed packets that may wait for one peer, a power of two, 1 to 2^20.
 */
public record EngineConfig(
        ThreadingMode threading,
        int peelWorkers,
        IdleMode idleMode,
        int slotCount,
        int ringSize,
        int batchLimit,
        Duration tick,
        Duration maxDelay,
        int egressLimit) {
    private static final int MAX_COUNT = 1 << 20;

    public EngineConfig {
        Objects.requireNonNull(threading, "threading");
        Objects.requireNonNull(idleMode, "idleMode");
        requireRange("peelWorkers", peelWorkers, 1, 64);
        requireRange("slotCount", slotCount, 64, MAX_COUNT);
        requirePowerOfTwo("ringSize", ringSize, 64);
        requireRange("batchLimit", batchLimit, 1, 256);
        requirePowerOfTwo("egressLimit", egressLimit, 1);
        if (tick.compareTo(Duration.ofNanos(1_000)) < 0) {
            throw new IllegalArgumentException("tick must be 1 microsecond or more: tick=" + tick);
        }
        if (maxDelay.compareTo(tick) < 0 || maxDelay.dividedBy(tick) > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "maxDelay must be 1 to " + MAX_COUNT + " ticks: maxDelay=" + maxDelay + ", tick=" + tick);
        }
        if (batchLimit > slotCount / 4) {
            throw new IllegalArgumentException("batchLimit must be at most a quarter of slotCount: batchLimit="
                    + batchLimit + ", slotCount=" + slotCount);
        }
    }

    /** Starts from the documented defaults. */
    public static Builder builder() {
        return new Builder();
    }

    private static void requireRange(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be " + min + " to " + max + ": " + name + "=" + value);
        }
    }

    private static void requirePowerOfTwo(String name, int value, int min) {
        requireRange(name, value, min, MAX_COUNT);
        if (Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(name + " must be a power of two: " + name + "=" + value);
        }
    }

    /** Mutable; discard after {@link #build()}. */
    public static final class Builder {
        private ThreadingMode threading = ThreadingMode.SPLIT;
        private int peelWorkers = 1;
        private IdleMode idleMode = IdleMode.BACKOFF;
        private int slotCount = 16_384;
        private int ringSize = 4_096;
        private int batchLimit = 32;
        private Duration tick = Duration.ofNanos(50_000);
        private Duration maxDelay = Duration.ofSeconds(10);
        private int egressLimit = 4_096;

        private Builder() {}

        /**
         * Sets how work is spread over threads; default {@link ThreadingMode#SPLIT}.
         *
         * @param threading how work is spread.
         */
        public Builder threading(ThreadingMode threading) {
            this.threading = threading;
            return this;
        }

        /**
         * Sets the number of peel workers; default 1.
         *
         * @param peelWorkers 1 to 64.
         */
        public Builder peelWorkers(int peelWorkers) {
            this.peelWorkers = peelWorkers;
            return this;
        }

        /**
         * Sets the behaviour of a thread without work; default {@link IdleMode#BACKOFF}.
         *
         * @param idleMode of every engine thread.
         */
        public Builder idleMode(IdleMode idleMode) {
            this.idleMode = idleMode;
            return this;
        }

        /**
         * Sets the number of packets that the engine can hold; default 16,384 (37 MiB).
         *
         * @param slotCount 64 to 1,048,576.
         */
        public Builder slotCount(int slotCount) {
            this.slotCount = slotCount;
            return this;
        }

        /**
         * Sets the number of events in the ring; default 4,096.
         *
         * @param ringSize a power of two, 64 to 2^20.
         */
        public Builder ringSize(int ringSize) {
            this.ringSize = ringSize;
            return this;
        }

        /**
         * Sets the largest batch of a stage; default 32: while it is peeled, the wheel waits.
         *
         * @param batchLimit packets, 1 to 256.
         */
        public Builder batchLimit(int batchLimit) {
            this.batchLimit = batchLimit;
            return this;
        }

        /**
         * Sets the resolution of the delay wheel; default 50 microseconds.
         *
         * @param tick above zero.
         */
        public Builder tick(Duration tick) {
            this.tick = tick;
            return this;
        }

        /**
         * Sets the longest delay; default 10 seconds.
         *
         * @param maxDelay above zero.
         */
        public Builder maxDelay(Duration maxDelay) {
            this.maxDelay = maxDelay;
            return this;
        }

        /**
         * Sets how many sealed packets may wait for one peer; default 4,096.
         *
         * @param egressLimit packets, a power of two, 1 to 2^20.
         */
        public Builder egressLimit(int egressLimit) {
            this.egressLimit = egressLimit;
            return this;
        }

        /** Validates and freezes. */
        public EngineConfig build() {
            return new EngineConfig(
                    threading, peelWorkers, idleMode, slotCount, ringSize, batchLimit, tick, maxDelay, egressLimit);
        }
    }
}
