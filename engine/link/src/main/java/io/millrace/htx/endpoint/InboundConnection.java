package io.millrace.htx.endpoint;

import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.htx.admission.Stranger;
import io.millrace.htx.handshake.HandshakeAcceptor;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.htx.handshake.ResponderHandshake;
import io.millrace.noise.NoiseTransport;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;

/**
 * A connection on its way in, on a virtual thread: first message, second, third, session. Whatever fails, nothing is sent
 * and the connection closes on a grid of time, so that the other end does not learn the reason.
 */
final class InboundConnection {
    private final HtxListener listener;
    private final SocketChannel channel;
    private final Stranger place;
    private final long acceptedNs;
    private final SocketDeadline deadline;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Thread thread;

    InboundConnection(HtxListener listener, SocketChannel channel, Stranger place, long acceptedNs) {
        this.listener = listener;
        this.channel = channel;
        this.place = place;
        this.acceptedNs = acceptedNs;
        this.deadline = new SocketDeadline(listener.deadlines(), channel, place::remainingNs);
    }

    /** Ends it as soon as may be. */
    void cancel() {
        deadline.cancel();
    }

    /** Waits until it uses no keys of the server any more; at once if it is the caller's own thread. */
    void awaitOver() {
        boolean interrupted = Thread.currentThread() != thread && Thread.interrupted();
        try {
            while (Thread.currentThread() != thread && over.getCount() > 0) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Makes the handshake; null if there is no session, and then the channel is closed. */
    HtxConnection run() {
        thread = Thread.currentThread();
        HtxConnection connection = null;
        try (HandshakeBuffer buffer = new HandshakeBuffer(InitiatorHandshake.FIRST_LENGTH);
                HandshakeBuffer answer = new HandshakeBuffer(InitiatorHandshake.SECOND_LENGTH)) {
            connection = handshake(buffer, answer);
            if (connection == null) {
                awaitClosingTime();
            }
        } catch (IOException e) {
            assert connection == null : e; // the connection ended, which was counted
            if (channel.isOpen()) { // the stranger ended it: how much it sent before shows in no time either
                awaitClosingTime();
            }
        } catch (Throwable e) { // callers' code, or no memory for this one
            listener.failed(e);
            awaitClosingTime();
        } finally {
            deadline.close();
            place.close();
            if (connection == null) {
                SocketDeadline.closeQuietly(channel);
            }
            over.countDown();
        }
        return connection;
    }

    private HtxConnection handshake(HandshakeBuffer buffer, HandshakeBuffer answer) throws IOException {
        final HandshakeAcceptor responder = listener.responder();
        boolean whole = false;
        try {
            buffer.receive(channel, InitiatorHandshake.FIRST_LENGTH);
            whole = true;
        } finally {
            if (!whole) {
                responder.incomplete();
            }
        }
        final ResponderHandshake handshake = responder.begin(
                place.prefix(), buffer.memory(), InitiatorHandshake.FIRST_LENGTH, answer.memory(), listener.nanoTime());
        if (handshake == null) {
            return null;
        }
        try (handshake) {
            return finish(handshake, buffer, answer);
        }
    }

    private HtxConnection finish(ResponderHandshake handshake, HandshakeBuffer buffer, HandshakeBuffer answer)
            throws IOException {
        try {
            answer.send(channel, InitiatorHandshake.SECOND_LENGTH);
            buffer.receive(channel, InitiatorHandshake.THIRD_LENGTH);
        } catch (IOException e) {
            handshake.close(deadline.isExpired() ? HandshakeVerdict.TIMED_OUT : HandshakeVerdict.ABANDONED);
            throw e;
        }
        try (NoiseTransport transport = handshake.finish(buffer.memory(), InitiatorHandshake.THIRD_LENGTH)) {
            return transport == null || !place.leave() || !deadline.finish()
                    ? null
                    : listener.established(channel, place.prefix(), transport);
        }
    }

    /** Reads nothing more until the connection may close. */
    private void awaitClosingTime() {
        listener.awaitClosing(HandshakeAcceptor.closingTimeNs(acceptedNs, listener.nanoTime()) - listener.nanoTime());
    }
}
