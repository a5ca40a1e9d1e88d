package io.millrace.cli.console;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lines for standard error of a command with peers: a thread writes them, so that a pipe that is not
 * read holds up that thread and no other. What finds {@value #LIMIT} lines waiting is lost, and counted in the line that is
 * written next. Of a progress bar only the newest state waits.
 *
 * <p>Threading: any thread adds lines, without waiting; one closes.
 */
final class BackgroundNotes {
    /** Most lines that wait. */
    static final int LIMIT = 1_024;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final PrintWriter err;
    private final BlockingQueue<Runnable> waiting = new ArrayBlockingQueue<>(LIMIT);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicReference<String> newestBar = new AtomicReference<>();
    private final Thread thread;
    private volatile boolean closed;
    private boolean inBar; // the writing thread's

    /** Starts to write to {@code err}, which stays the caller's. */
    BackgroundNotes(PrintWriter err) {
        this.err = err;
        this.thread = Thread.ofPlatform().daemon().name("millrace-notes").start(this::write);
    }

    /**
     * Adds a line, or loses it.
     *
     * @param line as it is to be written.
     */
    void add(String line) {
        if (!waiting.offer(() -> print(line))) {
            lost.incrementAndGet();
        }
    }

    /**
     * Shows a progress bar instead of the one that was shown last.
     *
     * @param text one line.
     */
    void bar(String text) {
        if (newestBar.getAndSet(text) == null && !waiting.offer(this::printNewestBar)) {
            newestBar.set(null); // the next one tries again
        }
    }

    /** Ends the line of the bar; without room the next line does. */
    void barEnds() {
        waiting.offer(this::endBar);
    }

    /** Writes a bar over the line that is there. */
    static void printBar(PrintWriter err, String text) {
        err.print("\r" + text);
        err.flush();
    }

    /**
     * Returns when all lines are written, or after two seconds in which they could not be.
     *
     * @return whether they are. If not, the thread holds the writer for as long as the pipe is not read: another call of the
     *     writer would never return.
     */
    boolean end() {
        closed = true;
        thread.interrupt();
        try {
            return thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void write() {
        while (!closed) {
            try {
                waiting.take().run();
            } catch (InterruptedException e) {
                assert closed : e;
            }
        }
        for (Runnable each = waiting.poll(); each != null; each = waiting.poll()) {
            each.run();
        }
        endBar();
        tellLost();
    }

    private void printNewestBar() {
        printBar(err, newestBar.getAndSet(null));
        inBar = true;
    }

    private void endBar() {
        if (inBar) {
            err.println();
            err.flush();
            inBar = false;
        }
    }

    private void print(String line) {
        endBar();
        err.println(line);
        tellLost();
        err.flush();
    }

    private void tellLost() {
        final long count = lost.getAndSet(0);
        if (count > 0) {
            err.println(count + " lines were lost here: standard error was not read");
        }
    }
}
