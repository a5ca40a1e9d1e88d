package io.millrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/** Runs a sender and a receiver over a {@link SimulatedChannel} until both have ended or the time is over. */
final class SimulatedTransfer {
    static final ReturnRoute ROUTE = new ReturnRoute(List.of("00112233445566778899aabbccddeeff"), "ab".repeat(32));
    static final int CHUNK_LENGTH = 100;
    static final long SECOND = 1_000_000_000L;

    private final SimulatedChannel channel;
    private final TransferSender sender;
    private final TransferReceiver receiver;
    private long now;
    private ReceivedFile received;

    SimulatedTransfer(
            SimulatedChannel channel, Inbox inbox, TransferTiming timing, TransferId id, byte[] content, long now) {
        this(channel, inbox, timing, id, content, UnaryOperator.identity(), now);
    }

    /** As above, but the file changes to what {@code change} makes of it after it was offered. */
    SimulatedTransfer(
            SimulatedChannel channel,
            Inbox inbox,
            TransferTiming timing,
            TransferId id,
            byte[] content,
            UnaryOperator<byte[]> change,
            long now) {
        final byte[] sent = change.apply(content.clone());
        this.channel = channel;
        this.sender = new TransferSender(
                id,
                offered("file.bin", content),
                ROUTE,
                (position, into) -> into.put(sent, (int) position, into.remaining()),
                timing,
                now);
        this.receiver = new TransferReceiver(inbox, timing);
        this.now = now;
    }

    static OfferedFile offered(String name, byte[] content) {
        final MessageDigest sha256 = Sha256.begin();
        return new OfferedFile(
                name, content.length, CHUNK_LENGTH, HexFormat.of().formatHex(sha256.digest(content)));
    }

    TransferSender sender() {
        return sender;
    }

    TransferReceiver receiver() {
        return receiver;
    }

    /** How it ended at the receiver; null if it never saw the transfer. */
    ReceivedFile received() {
        return received;
    }

    long now() {
        return now;
    }

    /** Runs until the sender has ended and the receiver has nothing under way, at most {@code limitNs}. */
    void run(long limitNs) throws IOException {
        final long start = now;
        while (now - start < limitNs) {
            pollBoth();
            if (sender.ended() && !receiver.busy()) {
                return;
            }
            final long due = Math.min(channel.nextNs(), Math.min(sender.dueNs(), receiver.dueNs(now, Long.MAX_VALUE)));
            // A due time may lie in the past or be early; never stop, never leave the channel waiting.
            now = Math.max(now + 1_000, due);
            while (channel.nextNs() <= now) {
                final SimulatedChannel.Flight flight = channel.take();
                if (flight.toReceiver()) {
                    receiver.onMessage(flight.message(), now);
                } else {
                    sender.onMessage(flight.message(), now);
                }
            }
        }
    }

    private void pollBoth() throws IOException {
        for (TransferMessage m = sender.poll(now); m != null; m = sender.poll(now)) {
            channel.send(true, checked(MessageCodec.encode(m)), now);
        }
        for (Answer a = receiver.poll(now); a != null; a = receiver.poll(now)) {
            if (!a.to().equals(ROUTE)) {
                throw new AssertionError("an answer goes elsewhere: to=" + a.to());
            }
            channel.send(false, checked(MessageCodec.encode(a.message())), now);
        }
        final ReceivedFile result = receiver.takeResult();
        if (result != null) {
            if (received != null) {
                throw new AssertionError("the transfer ended twice: " + received + ", " + result);
            }
            received = result;
        }
    }

    private static ByteBuffer checked(ByteBuffer message) {
        if (message.remaining() > MessageCodec.MAX_CONTROL_LENGTH) {
            throw new AssertionError("message too long: length=" + message.remaining());
        }
        return message;
    }
}
