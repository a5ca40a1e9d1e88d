package io.millrace.endpoint;

import io.millrace.metrics.NanoClock;
import io.millrace.thread.ThreadEnd;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * The one thread of an endpoint: waits for its channels, and for time to pass.
 *
 * <p>Each turn serves all who are inside first, then strangers (accepting, handshakes): one of them at the least, and more
 * for {@link #STRANGERS_NS} or a quarter of the time that those inside took. Who was not served stays ready and has its turn
 * later, those that have waited longest first.
 */
final class SelectorLoop implements AutoCloseable {
    /** How often time is looked at while there are channels. */
    static final long TICK_MS = 20;

    private static final long TICK_NS = TICK_MS * 1_000_000;

    /** What strangers may always take of a turn in nanoseconds: three or four handshakes, some ten first messages. */
    private static final long STRANGERS_NS = 1_000_000;

    private static final int STRANGERS_SHARE = 4;

    private final Selector selector = Selector.open();
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ArrayList<SelectionKey> strangers = new ArrayList<>();
    private final Consumer<SelectionKey> dispatch = this::dispatch;
    private final NanoClock clock;
    private final Thread thread;
    private volatile boolean closing;
    private long lastTickNs;
    private boolean turnBegun;
    private long turnNs;

    SelectorLoop(NanoClock clock) throws IOException {
        this.clock = clock;
        this.lastTickNs = clock.nanoTime();
        this.thread = Thread.ofPlatform().name("htx-selector").daemon().start(this::run);
    }

    NanoClock clock() {
        return clock;
    }

    /** Registers a channel, which is non-blocking, from any thread. */
    void register(SelectableChannel channel, int operations, Attachment attachment) {
        execute(() -> {
            try {
                if (closing) {
                    channel.close();
                    throw new ClosedChannelException();
                }
                channel.register(selector, operations, attachment);
            } catch (IOException e) {
                attachment.failed(e);
            }
        });
    }

    /** Runs a task on the selector thread. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Sets what a channel waits for, from any thread. */
    void interest(SelectionKey key, int operations) {
        if (key.isValid() && key.interestOps() != operations) {
            key.interestOps(operations);
            if (Thread.currentThread() != thread) {
                selector.wakeup();
            }
        }
    }

    /** Stops the thread and closes all channels. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        ThreadEnd.await(thread);
    }

    private void run() {
        try (selector) {
            while (!closing) {
                selector.select(dispatch, selector.keys().isEmpty() ? 0 : TICK_MS);
                serveStrangers();
                runTasks();
                tickIfTime();
            }
            for (SelectionKey key : selector.keys()) {
                end(key, new ClosedChannelException());
            }
            runTasks();
        } catch (IOException e) {
            throw new AssertionError("the selector failed", e);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void dispatch(SelectionKey key) {
        if (!turnBegun) {
            turnBegun = true;
            turnNs = clock.nanoTime();
        }
        if (((Attachment) key.attachment()).isStranger()) {
            strangers.add(key);
        } else {
            serve(key);
        }
    }

    private void serveStrangers() {
        turnBegun = false;
        if (strangers.isEmpty()) {
            return;
        }
        final long startNs = clock.nanoTime();
        final long shareNs = Math.max(STRANGERS_NS, (startNs - turnNs) / STRANGERS_SHARE);
        for (SelectionKey key : strangers) {
            serve(key);
            if (clock.nanoTime() - startNs >= shareNs) {
                break;
            }
        }
        strangers.clear();
    }

    private void serve(SelectionKey key) {
        try {
            ((Attachment) key.attachment()).ready(key, clock.nanoTime());
        } catch (IOException | CancelledKeyException e) {
            end(key, e instanceof IOException io ? io : new ClosedChannelException());
        }
    }

    private void tickIfTime() {
        final long nowNs = clock.nanoTime();
        if (nowNs - lastTickNs < TICK_NS) {
            return;
        }
        lastTickNs = nowNs;
        for (SelectionKey key : selector.keys().toArray(SelectionKey[]::new)) {
            if (key.isValid()) {
                try {
                    ((Attachment) key.attachment()).tick(key, nowNs);
                } catch (IOException e) {
                    end(key, e);
                }
            }
        }
    }

    /** Takes a channel out and closes it. */
    static void close(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            // It is gone either way, and nobody waits for its last bytes.
            key.attach(null);
        }
    }

    private static void end(SelectionKey key, IOException why) {
        final Attachment attachment = (Attachment) key.attachment();
        close(key);
        if (attachment != null) {
            attachment.failed(why);
        }
    }
}
