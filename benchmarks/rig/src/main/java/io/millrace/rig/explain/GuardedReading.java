package io.millrace.rig.explain;

import io.millrace.rig.input.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Reads a recording of which the frame is sound and the content may not be. The JDK's reader ends on such content with
 * any exception or error, or not at all: each is a {@link InputException} that names the file.
 *
 * <p>Threading: a daemon thread reads, while the caller waits.
 */
final class GuardedReading {
    private static final long LOOK_MS = 50;

    private GuardedReading() {}

    /**
     * Calls {@code reading} in a separate thread.
     *
     * @param file for messages.
     * @param progress a number that changes while {@code reading} gets on.
     * @param patience longest time without a change of it; then the thread is left behind.
     * @throws IOException as {@code reading} does.
     * @throws InputException if it throws that, or anything else, or does not get on.
     */
    static <T> T call(Path file, LongSupplier progress, Duration patience, Callable<T> reading)
            throws IOException, InterruptedException {
        final FutureTask<T> task = new FutureTask<>(reading);
        Thread.ofPlatform().daemon().name("millrace-recording").start(task);
        long seen = progress.getAsLong();
        long sinceNs = System.nanoTime();
        while (true) {
            try {
                return task.get(LOOK_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                final long now = progress.getAsLong();
                if (now != seen) {
                    seen = now;
                    sinceNs = System.nanoTime();
                } else if (System.nanoTime() - sinceNs > patience.toNanos()) {
                    task.cancel(true);
                    throw new InputException(
                            "a damaged flight recording: file=" + file + ": no event could be read for "
                                    + patience.toSeconds() + " s",
                            e);
                }
            } catch (ExecutionException e) {
                throw failure(file, e.getCause());
            }
        }
    }

    private static InputException failure(Path file, Throwable cause) throws IOException {
        if (cause instanceof InputException wrong) {
            return wrong;
        }
        if (cause instanceof IOException io
                && cause.getMessage() != null
                && cause.getMessage().contains(file.toString())) {
            throw io;
        }
        final String what = cause instanceof OutOfMemoryError
                ? "it needs more memory than the JVM has (MILLRACE_JAVA_OPTS=-Xmx4g)"
                : cause.toString();
        return new InputException(
                "a damaged flight recording, or one of another program: file=" + file + ": " + what, cause);
    }
}
