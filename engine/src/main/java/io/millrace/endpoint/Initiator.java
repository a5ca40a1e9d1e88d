package io.millrace.endpoint;

import io.millrace.htx.InitiatorHandshake;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/** A connection on its way out: connect, first message, second, third, session. */
final class Initiator implements Attachment {
    private enum Step {
        CONNECT,
        FIRST,
        SECOND,
        THIRD
    }

    private final HtxEndpoint endpoint;
    private final InitiatorHandshake handshake;
    private final CompletableFuture<HtxConnection> result;
    private HandshakeBuffer buffer;
    private Step step = Step.CONNECT;

    Initiator(HtxEndpoint endpoint, InitiatorHandshake handshake, CompletableFuture<HtxConnection> result) {
        this.endpoint = endpoint;
        this.handshake = handshake;
        this.result = result;
    }

    @Override
    public boolean isStranger() {
        return false;
    }

    @Override
    public void ready(SelectionKey key, long nowNs) throws IOException {
        final SocketChannel channel = (SocketChannel) key.channel();
        if (step == Step.CONNECT) {
            if (!channel.finishConnect()) {
                return;
            }
            buffer = new HandshakeBuffer(InitiatorHandshake.FIRST_LENGTH);
            if (handshake.writeFirst(buffer.memory()) < 0) {
                throw new IOException("the other end's public key is of low order");
            }
            begin(key, Step.FIRST, InitiatorHandshake.FIRST_LENGTH, SelectionKey.OP_WRITE);
        }
        if (step == Step.FIRST && buffer.write(channel)) {
            begin(key, Step.SECOND, InitiatorHandshake.SECOND_LENGTH, SelectionKey.OP_READ);
        }
        if (step == Step.SECOND && buffer.read(channel)) {
            if (handshake.readSecond(buffer.memory(), InitiatorHandshake.SECOND_LENGTH) < 0
                    || handshake.writeThird(buffer.memory()) < 0) {
                throw new IOException("the answer is not from the owner of that public key");
            }
            begin(key, Step.THIRD, InitiatorHandshake.THIRD_LENGTH, SelectionKey.OP_WRITE);
        }
        if (step == Step.THIRD && buffer.write(channel)) {
            buffer.close();
            final HtxConnection connection = new HtxConnection(endpoint, key, handshake.split(), true);
            connection.begin(nowNs);
            if (!result.complete(connection)) {
                connection.close();
            }
        }
    }

    @Override
    public void tick(SelectionKey key, long nowNs) {
        // Whoever waits for the result closes the channel when it has waited enough.
        if (result.isDone()) {
            SelectorLoop.close(key);
            failed(new IOException("nobody waits any more"));
        }
    }

    @Override
    public void failed(IOException why) {
        handshake.close();
        if (buffer != null) {
            buffer.close();
        }
        result.completeExceptionally(why);
    }

    private void begin(SelectionKey key, Step next, int length, int operations) {
        step = next;
        buffer.begin(length);
        key.interestOps(operations);
    }
}
