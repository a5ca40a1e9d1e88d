package io.millrace.cli.console;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Turns SIGTERM and SIGINT into an orderly end: the command is asked to stop, finishes its work and its output, and the
 * process ends with the command's exit code instead of the signal's.
 *
 * <p>A command that does not finish in time ends as the signal alone would have it.
 */
public final class Termination implements AutoCloseable {
    private static final long PATIENCE_S = 30;

    /** Of the command that has finished last; a process runs one. */
    private static final AtomicReference<Termination> FINISHED = new AtomicReference<>();

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Thread hook;

    private Termination(Runnable stop) {
        this.hook = Thread.ofPlatform().name("millrace-termination").unstarted(() -> end(stop));
    }

    /** From now on a signal runs {@code stop}, once, on a separate thread. */
    public static Termination onSignal(Runnable stop) {
        final Termination termination = new Termination(stop);
        Runtime.getRuntime().addShutdownHook(termination.hook);
        return termination;
    }

    /** Also runs {@code stop} when the process that started this one has ended. */
    public static void withParent(Runnable stop) {
        ProcessHandle.current()
                .parent()
                .ifPresent(parent -> Thread.ofPlatform()
                        .daemon()
                        .name("millrace-parent-watch")
                        .start(() -> {
                            parent.onExit().join();
                            stop.run();
                        }));
    }

    /** The command has finished; returns {@code code}. The process ends when {@link #written} is called. */
    public int finished(int code) {
        FINISHED.set(this);
        return code;
    }

    /**
     * The output of the command that has finished is written, or could not be: a signal that has come ends the process now.
     *
     * @param code of the process.
     */
    public static void written(int code) {
        final Termination termination = FINISHED.getAndSet(null);
        if (termination != null) {
            termination.exitCode.complete(code);
        }
    }

    /** Ends the watch, where no signal has come. */
    @Override
    public void close() {
        if (FINISHED.get() != this) {
            exitCode.cancel(false); // a command that failed without a code
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is shutting down: the hook is running, and has the exit code by now.
        }
    }

    private void end(Runnable stop) {
        stop.run();
        try {
            Runtime.getRuntime().halt(exitCode.get(PATIENCE_S, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            // No exit code to be had: the signal's own remains.
        }
    }
}
