package io.millrace.relay.thread;

import java.util.function.Consumer;
import org.agrona.concurrent.IdleStrategy;

/**
 * An idle strategy that keeps the exceptions of another one from Agrona's runner. The runner would end the thread at an
 * {@link Error}, and go on without a pause after an exception.
 *
 * <p>Belongs to the one thread. Allocates nothing.
 */
public final class GuardedIdleStrategy implements IdleStrategy {
    private final IdleStrategy idle;
    private final Consumer<Throwable> onFailure;

    /**
     * Guards a strategy.
     *
     * @param onFailure called by the thread with the strategy's exception or error; may throw another one, for the runner.
     */
    public GuardedIdleStrategy(IdleStrategy idle, Consumer<Throwable> onFailure) {
        this.idle = idle;
        this.onFailure = onFailure;
    }

    @Override
    public void idle(int workCount) {
        try {
            idle.idle(workCount);
        } catch (Throwable t) {
            onFailure.accept(t);
        }
    }

    @Override
    public void idle() {
        idle(0);
    }

    @Override
    public void reset() {
        idle.reset();
    }
}
