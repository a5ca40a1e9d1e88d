package io.millrace.relay.thread;

import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;

/**
 * Runs a duty for an Agrona runner or invoker. Agrona goes on after an exception of its agent; a duty that throws may have left
 * packets anywhere, so this agent ends at the first one and tells the engine. An {@link Error} Agrona throws again, by which
 * the thread would die with its stack printed and the engine would never know: none gets there, from the duty or from
 * its idle strategy.
 *
 * <p>An interrupt ends an Agrona runner, too: unless the engine asked the agent to end, that is a failure like any other.
 */
public final class GuardedAgent implements Agent {
    private final Duty duty;
    private final Runnable bell;
    private final Consumer<Throwable> onFailure;
    private volatile boolean asked; // to end
    private boolean failed;

    /**
     * Guards a duty.
     *
     * @param bell rung after every round that did work.
     * @param onFailure called once, by the thread that runs the duty, with the duty's exception.
     */
    public GuardedAgent(Duty duty, Runnable bell, Consumer<Throwable> onFailure) {
        this.duty = duty;
        this.bell = bell;
        this.onFailure = onFailure;
    }

    /** Says that the agent's end, which follows, is the engine's wish; any thread. */
    public void askToEnd() {
        asked = true;
    }

    /** The duty's idle strategy, guarded as the duty is: it asks the duty how long it may sleep, and waits in the carrier. */
    public IdleStrategy guard(IdleStrategy idle) {
        return new GuardedIdleStrategy(idle, thrown -> {
            throw failed(thrown);
        });
    }

    @Override
    public int doWork() {
        try {
            final int work = duty.doWork();
            if (work > 0) {
                bell.run();
            }
            return work;
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    @Override
    public void onClose() {
        if (failed) {
            return;
        }
        if (!asked) {
            failed(new IllegalStateException("the thread was interrupted: thread=" + duty.roleName()));
            return;
        }
        try {
            duty.onClose();
        } catch (Throwable t) {
            throw failed(t);
        }
    }

    @Override
    public String roleName() {
        return duty.roleName();
    }

    /** Tells the engine; returns what makes Agrona end the agent. */
    private AgentTerminationException failed(Throwable failure) {
        failed = true;
        onFailure.accept(failure);
        return new AgentTerminationException(failure);
    }
}
