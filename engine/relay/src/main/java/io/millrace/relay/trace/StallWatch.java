package io.millrace.relay.trace;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Notes in a recording when a thread began no new round for longer than the event's threshold. Costs a look at a flag
 * while nothing records; a reading of the clock and of the thread's processor time each round while something does.
 * Allocates nothing either way. Belongs to the thread that it watches.
 */
public final class StallWatch {
    private final StallEvent event;
    private boolean running;
    private long cpuBefore;

    /** Watches a thread; {@code event} belongs to it. */
    public StallWatch(StallEvent event) {
        this.event = event;
    }

    /** The thread begins a new round. */
    public void round() {
        if (!event.isEnabled()) {
            running = false;
            return;
        }
        final long cpu = CpuTime.ofThisThread();
        if (running) {
            event.end();
            if (event.shouldCommit()) {
                event.cpuNs = cpu - cpuBefore;
                event.commit();
            }
        }
        running = true;
        cpuBefore = cpu;
        event.begin();
    }

    /** The thread begins no new round for a while because it has nothing to do. */
    public void rest() {
        running = false;
    }

    /** Loaded only when something records. */
    private static final class CpuTime {
        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        private CpuTime() {}

        static long ofThisThread() {
            return THREADS.getCurrentThreadCpuTime();
        }
    }
}
