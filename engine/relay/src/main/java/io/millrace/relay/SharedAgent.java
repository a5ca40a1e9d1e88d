package io.millrace.relay;

import io.millrace.relay.thread.Duty;

/** The whole duty of {@code SHARED}: I/O and engine in one thread, each frame run to completion. */
final class SharedAgent implements Duty {
    private final IoAgent io;
    private final EngineAgent engine;
    private boolean movedPackets;

    SharedAgent(IoAgent io, EngineAgent engine) {
        this.io = io;
        this.engine = engine;
    }

    @Override
    public String roleName() {
        return "millrace-relay";
    }

    @Override
    public int doWork() {
        final int ioWork = io.doWork();
        final int engineWork = engine.doWork();
        movedPackets = engineWork > 0 || io.movedPackets();
        return ioWork + engineWork;
    }

    @Override
    public boolean movedPackets() {
        return movedPackets;
    }

    @Override
    public void slept() {
        io.slept();
        engine.slept();
    }

    @Override
    public long waitNs() {
        return Math.min(io.waitNs(), engine.waitNs());
    }

    @Override
    public void onClose() {
        engine.onClose();
        io.onClose();
    }
}
