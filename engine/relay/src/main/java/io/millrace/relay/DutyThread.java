package io.millrace.relay;

import io.millrace.thread.ThreadEnd;
import java.util.concurrent.locks.LockSupport;

/** A thread that runs one agent's duty cycle until it is told to halt, then the agent's last duty. */
final class DutyThread {
    private final Agent agent;
    private final Idler idler;
    private final Runnable bell;
    private final Runnable onFailure;
    private final Thread thread;
    private volatile boolean halted;
    private volatile Throwable failure;

    /**
     * Prepares a thread; {@link #start()} starts it.
     *
     * @param bell rung after every round that did work.
     * @param onFailure called on the thread itself if the agent throws, which only a bug can cause.
     */
    DutyThread(Agent agent, Idler idler, Runnable bell, Runnable onFailure) {
        this.agent = agent;
        this.idler = idler;
        this.bell = bell;
        this.onFailure = onFailure;
        this.thread = Thread.ofPlatform().name("millrace-" + agent.role()).unstarted(this::run);
    }

    Thread thread() {
        return thread;
    }

    /** What the agent threw, or null. */
    Throwable failure() {
        return failure;
    }

    void start() {
        thread.start();
    }

    /** Ends the duty cycle after the current round and waits for the agent's last duty. */
    void haltAndJoin() {
        halted = true;
        idler.wakeCarrier();
        LockSupport.unpark(thread);
        ThreadEnd.await(thread);
    }

    private void run() {
        try {
            while (!halted) {
                if (agent.doWork() > 0) {
                    idler.worked(agent.movedPackets());
                    bell.run();
                } else {
                    idler.idle(agent);
                }
            }
            agent.shutDown();
        } catch (Throwable t) {
            failure = t;
            onFailure.run();
        }
    }
}
