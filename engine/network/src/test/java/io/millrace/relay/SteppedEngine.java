package io.millrace.relay;

import io.millrace.relay.packet.PacketSource;
import io.millrace.relay.thread.Duty;
import java.lang.foreign.MemorySegment;

/** Runs an engine step by step on the thread of a test. */
public final class SteppedEngine {
    private SteppedEngine() {}

    /** Opens an engine without starting its threads. */
    public static void open(RelayEngine engine) {
        engine.open();
    }

    /** Hands a packet of a key epoch in, as if it had come by a link. */
    public static Offer offer(RelayEngine engine, long epoch, MemorySegment packet) {
        return engine.offer(PacketSource.APPLICATION, epoch, packet, 0);
    }

    /** One round of each of its threads. */
    public static void work(RelayEngine engine) {
        engine.parts().duties().forEach(Duty::doWork);
    }
}
