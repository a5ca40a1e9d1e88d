package io.millrace.relay;

import io.millrace.relay.thread.Duty;
import io.millrace.relay.thread.EngineIdleStrategy;
import io.millrace.relay.thread.GuardedAgent;
import io.millrace.thread.ThreadEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;

/**
 * Runs the duties of one engine, each on a thread by an Agrona runner, or all in the caller's thread by Agrona invokers.
 *
 * <p>The first duty that fails ends all others: the failure is told once, by a thread that no duty runs on, after the threads of
 * all duties have ended.
 *
 * <p>Threading: {@link #start} belongs to the engine's owner, {@link #invoke} to one thread at a time; {@link #halt()} may be
 * called by any thread that runs no duty.
 */
final class EngineThreads {
    /** Agrona interrupts a thread that has not ended by then, which would close files that it writes: never. */
    private static final int NEVER_INTERRUPT_MS = Integer.MAX_VALUE;

    /** Failures are told by the agents. */
    private static final ErrorHandler TOLD = failure -> {
        if (!(failure instanceof AgentTerminationException)) {
            throw new AssertionError("a guarded agent throws nothing else", failure);
        }
    };

    private final EngineAssembly parts;
    private final boolean invoked;
    private final ThreadFactory factory;
    private final Runnable onFailing;
    private final Consumer<Throwable> onFailure;
    private final List<AgentInvoker> invokers = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean inside = new AtomicBoolean(); // a thread is in invoke
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile List<Running> running = List.of();
    private boolean halted; // guarded by this

    /** One agent and its thread. */
    private record Running(GuardedAgent agent, IdleStrategy idle, AgentRunner runner, Thread thread) {}

    /**
     * Prepares the threads; {@link #start()} starts them.
     *
     * @param invoked whether the caller runs the duties by {@link #invoke()}, without threads.
     * @param factory makes the threads.
     * @param onFailing called at once by the thread of the duty that failed first, while the others still run.
     * @param onFailure told once, after all duties have ended.
     */
    EngineThreads(
            EngineAssembly parts,
            boolean invoked,
            ThreadFactory factory,
            Runnable onFailing,
            Consumer<Throwable> onFailure) {
        this.parts = parts;
        this.invoked = invoked;
        this.factory = factory;
        this.onFailing = onFailing;
        this.onFailure = onFailure;
    }

    /**
     * Starts the threads, or gets ready to be invoked. If one cannot be started, those that run end.
     *
     * @throws IllegalStateException if the factory makes no thread.
     */
    synchronized void start() {
        if (invoked) {
            for (Duty duty : parts.duties()) {
                final GuardedAgent agent = new GuardedAgent(duty, () -> {}, this::failed);
                agent.askToEnd(); // there is no thread of the engine's that an interrupt could end
                invokers.add(new AgentInvoker(TOLD, null, agent));
            }
            invokers.forEach(AgentInvoker::start);
            return;
        }
        // All of them first: a callback of the first thread may ask which threads there are.
        running = parts.duties().stream().map(this::prepared).toList();
        boolean started = false;
        try {
            running.forEach(each -> each.thread().start());
            started = true;
        } finally {
            if (!started) {
                halt();
            }
        }
    }

    /**
     * Runs one round of every duty.
     *
     * @return how much work was done; 0 says that there was none.
     * @throws IllegalStateException if a thread is inside already, or a duty has failed.
     */
    int invoke() {
        final int work = failure.get() == null ? round() : 0;
        final Throwable thrown = failure.get();
        if (thrown != null) {
            stopAndTell();
            throw new IllegalStateException("the engine has failed", thrown);
        }
        return work;
    }

    /** Whether this thread runs a duty, and so cannot wait for its end. */
    boolean isOwn(Thread thread) {
        return inside.get()
                || (parts.roller() != null && parts.roller().isCaller(thread))
                || running.stream().anyMatch(each -> each.thread() == thread);
    }

    /** Whether duties are run: by threads, or by {@link #invoke()}. */
    boolean isStarted() {
        return !running.isEmpty() || !invokers.isEmpty();
    }

    /** Exception of the first failed duty. */
    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    List<Thread> threads() {
        return running.stream().map(Running::thread).toList();
    }

    /** Ends all duties after their current rounds and waits for their last one. Does nothing the second time. */
    synchronized void halt() {
        if (halted) {
            return;
        }
        halted = true;
        if (!isStarted()) {
            parts.duties().forEach(Duty::onClose);
        }
        // One after the other, as packets meet them.
        for (Running each : running) {
            each.agent().askToEnd();
            if (each.idle() instanceof EngineIdleStrategy sleeping) {
                sleeping.end();
            }
            LockSupport.unpark(each.thread());
            each.runner().close(NEVER_INTERRUPT_MS, thread -> {});
            ThreadEnd.await(each.thread());
        }
        invokers.forEach(AgentInvoker::close);
        parts.callbacks().finish();
    }

    synchronized boolean isHalted() {
        return halted;
    }

    private int round() {
        if (!inside.compareAndSet(false, true)) {
            throw new IllegalStateException("another thread runs the engine, or a callback tries to");
        }
        try {
            int work = 0;
            for (int i = 0; i < invokers.size() && failure.get() == null; i++) {
                work += invokers.get(i).invoke();
            }
            return work;
        } finally {
            inside.set(false);
        }
    }

    private Running prepared(Duty duty) {
        final IdleStrategy idle = parts.newIdleStrategy(duty);
        final GuardedAgent agent = new GuardedAgent(duty, parts::worked, this::failed);
        final AgentRunner runner = new AgentRunner(agent.guard(idle), TOLD, null, agent);
        final Thread thread = factory.newThread(runner);
        if (thread == null) {
            throw new IllegalStateException("the thread factory made no thread: role=" + duty.roleName());
        }
        thread.setName(duty.roleName());
        return new Running(agent, idle, runner, thread);
    }

    /** By the thread of the duty. */
    private void failed(Throwable thrown) {
        if (!failure.compareAndSet(null, thrown)) {
            return;
        }
        onFailing.run();
        if (invoked) {
            return; // the caller's thread stops the others when the round is over
        }
        try {
            Thread.ofPlatform().name("millrace-failure").start(this::stopAndTell);
        } catch (OutOfMemoryError e) {
            tell(); // no thread can be had: the owner ends the others
        }
    }

    private void stopAndTell() {
        try {
            halt();
        } finally {
            tell();
        }
    }

    private void tell() {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        try {
            onFailure.accept(failure.get());
        } catch (Exception e) {
            System.getLogger("io.millrace.relay")
                    .log(System.Logger.Level.ERROR, "the application's failure callback failed", e);
        }
    }
}
