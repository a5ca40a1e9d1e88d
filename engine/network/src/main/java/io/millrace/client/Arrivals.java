package io.millrace.client;

import io.millrace.relay.packet.Delivery;
import io.millrace.relay.packet.RelayListener;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Messages that have arrived at a client and that it has not taken yet: the listener of its engine.
 *
 * <p>Their number is bounded: the engine refuses and counts what arrives beyond it. Threading: the engine's threads put, one
 * thread of the client takes.
 */
public final class Arrivals implements RelayListener {
    private static final int LIMIT = 4096;

    private final BlockingQueue<ByteBuffer> messages = new ArrayBlockingQueue<>(LIMIT);

    /** Nothing has arrived. */
    public Arrivals() {}

    /** Copies what arrives, because it is only there during the call. */
    @Override
    public boolean onDeliver(Delivery delivery) {
        return messages.offer(ByteBuffer.wrap(delivery.payload().toArray(ValueLayout.JAVA_BYTE)));
    }

    /**
     * Takes the next message.
     *
     * @param waitNs longest wait for it in nanoseconds; none at 0 or less.
     * @return the message; null if there is none.
     * @throws InterruptedException if the thread was interrupted while it waited.
     */
    ByteBuffer take(long waitNs) throws InterruptedException {
        return waitNs <= 0 ? messages.poll() : messages.poll(waitNs, TimeUnit.NANOSECONDS);
    }
}
