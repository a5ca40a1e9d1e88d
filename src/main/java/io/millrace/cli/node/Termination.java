package io.millrace.cli.node;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Turns SIGTERM and SIGINT into an orderly end: the command is asked to stop, finishes its work and its output, and the
 * process ends with the command's exit code instead of the signal's.
 *
 * <p>A command that does not finish in time ends as the signal alone would have it.
 */
public final class Termination implements AutoCloseable {
    private static final long PATIENCE_S = 30;

    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Thread hook;

    private Termination(Runnable stop) {
        this.hook = Thread.ofPlatform().name("millrace-termination").unstarted(() -> end(stop));
    }

    /** From now on a signal runs {@code stop}, once, on a thread of its own. */
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

    /** The command has finished, its output is written; returns {@code code}. */
    public int finished(int code) {
        exitCode.complete(code);
        return code;
    }

    /** Ends the watch, where no signal has come. */
    @Override
    public void close() {
        exitCode.cancel(false); // a command that failed without a code
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
            // No exit code to be had: the signal's own stands.
        }
    }
}
