package io.millrace.relay;

import io.millrace.config.ThreadingMode;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.live.EpochPlan;
import io.millrace.relay.live.EpochTable;
import java.util.NavigableMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The settings of an engine that rolls its key epochs itself, and its beginning with the epochs of its source. */
final class EngineEpochs {
    static final String SOURCE_THREAD = "millrace-epoch-source";

    private static final long LONGEST_END_MS = 1_000;

    /** How long an engine that closes waits for a call of the source. Shorter for tests. */
    long patienceNs = TimeUnit.SECONDS.toNanos(10);

    private final EpochSchedule schedule;
    private final EpochSource source;
    private EpochPlan plan;
    private NavigableMap<Long, Long> live; // numbers and ends of the epochs to begin with

    EngineEpochs(EpochSchedule schedule, EpochSource source) {
        this.schedule = schedule;
        this.source = source;
    }

    /**
     * Makes the first epoch.
     *
     * @param clock network time; null: the wall clock now, carried on by the engine's clock.
     * @param executor of the source's calls; null: the default.
     */
    SphinxEpoch first(RelayEngineBuilder builder, NetworkClock clock, Executor executor) {
        final NetworkClock time = clock != null ? clock : new NetworkClock(builder.wallClock, builder.clock::nanoTime);
        if (executor != null) {
            plan = new EpochPlan(schedule, source, time, executor, () -> {}, patienceNs);
        } else if (builder.config.threading() == ThreadingMode.INVOKER) {
            plan = new EpochPlan(schedule, source, time, Runnable::run, () -> {}, patienceNs);
        } else {
            final ThreadFactory factory = builder.threadFactory;
            final ExecutorService own = Executors.newSingleThreadExecutor(steps -> named(factory.newThread(steps)));
            plan = new EpochPlan(schedule, source, time, own, () -> end(own), patienceNs);
        }
        live = plan.live();
        return plan.first(live.firstKey());
    }

    EpochPlan plan() {
        return plan;
    }

    /** Goes on with the epochs after the first; an engine that cannot is closed. */
    void begin(RelayEngine engine) {
        boolean begun = false;
        try {
            final EpochTable epochs = engine.parts().epochs();
            for (long number : live.tailMap(live.firstKey(), false).keySet()) {
                accept(epochs, plan.first(number));
            }
            if (live.size() > 1) {
                epochs.run(live.lastKey());
            }
            engine.parts().roller().begin(live);
            begun = true;
        } finally {
            if (!begun) {
                engine.close();
            }
        }
    }

    private static void accept(EpochTable epochs, SphinxEpoch next) {
        boolean accepted = false;
        try {
            epochs.accept(next);
            accepted = true;
        } finally {
            if (!accepted) {
                epochs.discard(next);
            }
        }
    }

    private static void end(ExecutorService own) {
        own.shutdown();
        try {
            own.awaitTermination(LONGEST_END_MS, TimeUnit.MILLISECONDS); // in vain if the disk holds it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread named(Thread made) {
        if (made != null) {
            made.setName(SOURCE_THREAD);
            made.setDaemon(true); // a disk that never answers does not keep the process
        }
        return made;
    }
}
