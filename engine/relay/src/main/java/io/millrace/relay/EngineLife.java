package io.millrace.relay;

import io.millrace.config.ThreadingMode;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The life of an engine, from its start to its close: its state, and who may end it when.
 *
 * <p>Threading: as {@link RelayEngine}'s methods of the same names.
 */
final class EngineLife {
    private static final long LOOK_AGAIN_NS = 200_000;

    private final EngineAssembly parts;
    private final EngineThreads threads;
    private final boolean invoked;
    private final Object closing = new Object(); // the owner closes, or the callback for failures
    private final AtomicReference<EngineState> state = new AtomicReference<>(EngineState.NEW);

    EngineLife(EngineAssembly parts, RelayEngineBuilder settings) {
        this.parts = parts;
        invoked = settings.config.threading() == ThreadingMode.INVOKER;
        threads = new EngineThreads(parts, invoked, settings.threadFactory, this::failing, settings.onFailure);
    }

    void start() {
        if (state.get() != EngineState.NEW) {
            throw new IllegalStateException("an engine starts once: state=" + state);
        }
        open();
        boolean started = false;
        try {
            threads.start();
            started = true;
        } finally {
            if (!started) {
                failing();
            }
        }
    }

    int doWork() {
        if (!invoked || !(state.get() == EngineState.RUNNING || state.get() == EngineState.FAILED)) {
            throw new IllegalStateException("doWork() is for an INVOKER engine that runs: state=" + state);
        }
        return threads.invoke();
    }

    boolean stop(Duration drain) {
        requireForeignThread();
        state.compareAndSet(EngineState.RUNNING, EngineState.DRAINING);
        parts.door().close();
        parts.stopReceiving();
        awaitQuiet();
        final boolean drained = threads.isStarted() ? awaitEmpty(drain) : isEmpty();
        threads.halt();
        return drained;
    }

    void close() {
        requireForeignThread(); // before the lock, which the owner holds while it waits for this thread
        synchronized (closing) {
            if (state.get() == EngineState.CLOSED) {
                return;
            }
            try {
                stop(Duration.ZERO);
            } finally {
                if (threads.isHalted()) {
                    state.set(EngineState.CLOSED);
                    parts.close(threads.failure().isEmpty());
                }
            }
        }
    }

    /** Opens the door without threads, for a test that runs the agents itself. */
    void open() {
        state.set(EngineState.RUNNING);
        parts.door().open();
    }

    EngineState state() {
        return state.get();
    }

    EngineThreads threads() {
        return threads;
    }

    private void requireForeignThread() {
        if (threads.isOwn(Thread.currentThread())) {
            throw new IllegalStateException("a callback must not stop its engine: state=" + state);
        }
    }

    private void failing() {
        parts.door().shut();
        state.set(EngineState.FAILED);
        parts.stopReceiving();
    }

    private void awaitQuiet() {
        while (threads.isStarted() && !threads.isHalted() && !parts.isQuiet() && state.get() != EngineState.FAILED) {
            waitOrWork();
        }
    }

    private boolean awaitEmpty(Duration drain) {
        final long start = System.nanoTime();
        while (!isEmpty()) {
            if (System.nanoTime() - start >= drain.toNanos()
                    || state.get() == EngineState.FAILED
                    || threads.isHalted()) {
                return false;
            }
            waitOrWork();
        }
        return true;
    }

    private void waitOrWork() {
        if (!invoked || threads.invoke() == 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }

    private boolean isEmpty() {
        return parts.ring().isEmpty()
                && EngineCounters.of(parts.ledger().read()).inFlight() == 0;
    }
}
