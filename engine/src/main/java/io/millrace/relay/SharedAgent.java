package io.millrace.relay;

/** The whole duty of {@code SHARED}: I/O and engine in one thread, each frame run to completion. */
final class SharedAgent implements Agent {
    private final IoAgent io;
    private final EngineAgent engine;

    SharedAgent(IoAgent io, EngineAgent engine) {
        this.io = io;
        this.engine = engine;
    }

    @Override
    public String role() {
        return "relay";
    }

    @Override
    public int doWork() {
        return io.doWork() + engine.doWork();
    }

    @Override
    public long waitNs() {
        return engine.waitNs();
    }

    @Override
    public void shutDown() {
        engine.shutDown();
        io.shutDown();
    }
}
