package io.millrace.thread;

/**
 * Waits for the end of a thread, whatever interrupts the one that waits: what the thread works with may be closed only
 * after it. An interrupt is not lost, but put off until the wait is over.
 */
public final class ThreadEnd {
    private ThreadEnd() {}

    /**
     * Returns when {@code thread} has ended, at once if it has not been started; tell it to end before.
     *
     * @throws IllegalStateException if it is the thread that waits, which would wait for ever.
     */
    public static void await(Thread thread) {
        await(thread, () -> {});
    }

    /**
     * As {@link #await(Thread)}, and then does the rest before an interrupt shows: to close a file, say, which an
     * interrupted thread cannot write to.
     *
     * @param then runs once, on the thread that waited; what it throws comes through.
     */
    public static void await(Thread thread, Runnable then) {
        if (thread == Thread.currentThread()) {
            throw new IllegalStateException("a thread cannot wait for its own end: thread=" + thread.getName());
        }
        boolean interrupted = false;
        try {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            then.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
