package io.millrace.contract;

import java.lang.foreign.Arena;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Another thread, which makes confined memory and what uses it. */
final class Foreign implements AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());

    World world() {
        return on(() -> new World(Arena.ofConfined()));
    }

    <T> T on(Callable<T> work) {
        try {
            return thread.submit(work).get();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
