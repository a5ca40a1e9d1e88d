package io.millrace.endpoint;

import io.millrace.htx.HandshakeResponder;
import io.millrace.htx.InitiatorHandshake;
import io.millrace.htx.ResponderHandshake;
import io.millrace.htx.admission.HandshakeVerdict;
import io.millrace.noise.NoiseTransport;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * A connection on its way in: first message, second, third, session. Whatever fails, nothing is sent and the connection
 * closes on a grid of time, so that the other end does not learn what it was.
 */
final class Responder implements Attachment {
    private enum Step {
        FIRST,
        SECOND,
        THIRD,
        REFUSED
    }

    private final HtxListener listener;
    private final HandshakeResponder responder;
    private final long prefix;
    private final long acceptedNs;
    private final HandshakeBuffer buffer = new HandshakeBuffer(InitiatorHandshake.FIRST_LENGTH);
    private ResponderHandshake handshake;
    private long closingNs;
    private Step step = Step.FIRST;

    Responder(HtxListener listener, HandshakeResponder responder, long prefix, long nowNs) {
        this.listener = listener;
        this.responder = responder;
        this.prefix = prefix;
        this.acceptedNs = nowNs;
        buffer.begin(InitiatorHandshake.FIRST_LENGTH);
    }

    @Override
    public boolean isStranger() {
        return true;
    }

    @Override
    public void ready(SelectionKey key, long nowNs) throws IOException {
        final SocketChannel channel = (SocketChannel) key.channel();
        if (step == Step.FIRST && buffer.read(channel)) {
            answer(key, nowNs);
        }
        if (step == Step.SECOND && buffer.write(channel)) {
            begin(key, Step.THIRD, InitiatorHandshake.THIRD_LENGTH, SelectionKey.OP_READ);
        }
        if (step == Step.THIRD && buffer.read(channel)) {
            final NoiseTransport transport = handshake.finish(buffer.memory(), InitiatorHandshake.THIRD_LENGTH);
            if (transport == null) {
                refuse(key, nowNs);
                return;
            }
            buffer.close();
            listener.established(key, transport, nowNs);
        }
    }

    @Override
    public void tick(SelectionKey key, long nowNs) {
        if (step == Step.REFUSED) {
            if (nowNs - closingNs >= 0) {
                SelectorLoop.close(key);
                end(HandshakeVerdict.ABANDONED);
            }
        } else if (nowNs - acceptedNs >= listener.handshakeTimeoutNs()) {
            SelectorLoop.close(key);
            end(HandshakeVerdict.TIMED_OUT);
        }
    }

    @Override
    public void failed(IOException why) {
        end(HandshakeVerdict.ABANDONED);
    }

    private void answer(SelectionKey key, long nowNs) {
        // The answer is written over the message, which is read by then.
        handshake = responder.begin(prefix, buffer.memory(), InitiatorHandshake.FIRST_LENGTH, listener.answer(), nowNs);
        if (handshake == null) {
            refuse(key, nowNs);
            return;
        }
        buffer.memory().copyFrom(listener.answer());
        begin(key, Step.SECOND, InitiatorHandshake.SECOND_LENGTH, SelectionKey.OP_WRITE);
    }

    private void refuse(SelectionKey key, long nowNs) {
        step = Step.REFUSED;
        closingNs = HandshakeResponder.closingTimeNs(acceptedNs, nowNs);
        key.interestOps(0);
    }

    private void end(HandshakeVerdict why) {
        if (handshake != null) {
            handshake.close(why);
        } else if (step == Step.FIRST) {
            responder.incomplete();
        }
        buffer.close();
        listener.gone();
    }

    private void begin(SelectionKey key, Step next, int length, int operations) {
        step = next;
        buffer.begin(length);
        key.interestOps(operations);
    }
}
