package io.millrace.htx.endpoint;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Counts and reports whatever callers' code, or one connection, throws. A report is a virtual thread's work, as it is a
 * caller's code, too, which may block; beyond {@link #MOST_REPORTS} at once, failures are counted only.
 */
final class Failures {
    private static final int MOST_REPORTS = 64;

    private final AtomicLong count = new AtomicLong();
    private final Semaphore reports = new Semaphore(MOST_REPORTS);
    private final Consumer<? super Throwable> reporter;

    Failures(Consumer<? super Throwable> reporter) {
        this.reporter = reporter;
    }

    /** Reports as the JDK does for a thread that ends by an exception. */
    static void toThreadHandler(Throwable failure) {
        final Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }

    long count() {
        return count.get();
    }

    /** Counts and reports; never throws, never blocks. */
    void report(Throwable failure) {
        count.incrementAndGet();
        if (!reports.tryAcquire()) {
            return;
        }
        boolean started = false;
        try {
            Thread.ofVirtual().name("htx-failure").start(() -> deliver(failure));
            started = true;
        } catch (OutOfMemoryError e) {
            // No memory to report: it is counted.
            assert !started : e;
        } finally {
            if (!started) {
                reports.release();
            }
        }
    }

    private void deliver(Throwable failure) {
        try {
            reporter.accept(failure);
        } finally {
            reports.release();
        }
    }
}
