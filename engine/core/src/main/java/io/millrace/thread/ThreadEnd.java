package io.millrace.thread;

/**
 * Waits for the end of a thread, whatever interrupts the one that waits: memory of the thread may be closed only
 * after it. An interrupt is not lost, but put off until the wait is over.
 */
public final class ThreadEnd {
    private ThreadEnd() {}

    /**
     * Action before an interrupt shows.
     *
     * @param <E> exception that it throws, {@code RuntimeException} if nothing.
     */
    @FunctionalInterface
    public interface Rest<E extends Exception> {
        /** Does it. */
        void run() throws E;
    }

    /**
     * Returns when {@code thread} has ended, at once if it has not been started; tell it to end before.
     *
     * @throws IllegalStateException if it is the thread that waits, which would wait for ever.
     */
    public static void await(Thread thread) {
        await(thread, () -> {});
    }

    /**
     * As {@link #await(Thread)}, and then does the rest before an interrupt shows that came so far: to close a file, say,
     * which an interrupted thread cannot write to. One that comes during the rest shows at once.
     *
     * @param then runs once, on the thread that waited; its exceptions pass through.
     * @throws IllegalStateException if it is the thread that waits; then nothing is done.
     */
    public static <E extends Exception> void await(Thread thread, Rest<E> then) throws E {
        if (thread == Thread.currentThread()) {
            throw new IllegalStateException("a thread cannot wait for its own end: thread=" + thread.getName());
        }
        boolean interrupted = Thread.interrupted();
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
