package io.millrace.rig.attack;

import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.Frame;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.htx.handshake.InitiatorHandshake;
import io.millrace.htx.session.Session;
import io.millrace.htx.session.SessionConfig;
import io.millrace.htx.session.SessionListener;
import io.millrace.htx.session.SessionStream;
import io.millrace.noise.NoiseTransport;
import io.millrace.rig.flood.FloodServer;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/**
 * An initiator with a session that sends frames as no honest one does, in batches that each exceed the control frames that a
 * session may send at once. Belongs to one thread.
 */
final class FrameFlood implements AutoCloseable {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int BATCH = 32 << 10;

    /** Time between batches: leaves the attackers' processor time to the server, which is the one to be measured. */
    private static final long PAUSE_NS = 10_000_000L;

    private static final int LONGEST = 64;
    private static final long CREDIT = 1L << 40;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory = arena.allocate(BATCH + InitiatorHandshake.FIRST_LENGTH, 64);
    private final SocketChannel channel;
    private final BatchCrypto crypto;
    private final FrameSealer sealer;
    private SendingKeySchedule keys;
    private int filled;
    private Session session;

    FrameFlood(SocketChannel channel, BatchCrypto crypto) {
        this.channel = channel;
        this.crypto = crypto;
        this.sealer = new FrameSealer(arena, crypto, memory);
    }

    /** Makes the handshake; for {@link Attack#RAPID_RESET} with a session that keeps the rules else. */
    void enter(InitiatorHandshake handshake, Attack attack, Randomness randomness) throws IOException {
        handshake.writeFirst(memory);
        Attackers.write(channel, memory.asSlice(0, InitiatorHandshake.FIRST_LENGTH));
        final ByteBuffer room =
                memory.asSlice(0, InitiatorHandshake.SECOND_LENGTH).asByteBuffer();
        while (room.hasRemaining()) {
            if (channel.read(room) < 0) {
                throw new EOFException("the server refused the handshake");
            }
        }
        if (handshake.readSecond(memory, InitiatorHandshake.SECOND_LENGTH) < 0 || handshake.writeThird(memory) < 0) {
            throw new IOException("the server's answer does not hold");
        }
        Attackers.write(channel, memory.asSlice(0, InitiatorHandshake.THIRD_LENGTH));
        try (NoiseTransport transport = handshake.split()) {
            final long nowNs = System.nanoTime();
            if (attack == Attack.RAPID_RESET) {
                session = Session.over(
                        transport, true, SessionConfig.HTX1, crypto, randomness, new SessionListener() {}, nowNs);
            } else {
                keys = transport.giveKeys((send, receive) -> {
                    send.copyKey(memory.asSlice(0, SecretKey.LENGTH));
                    return new SendingKeySchedule(memory.asSlice(0, SecretKey.LENGTH), RekeyLimits.HTX1, nowNs);
                });
            }
        }
    }

    /** Sends until the server ends the session, or the channel is closed, or the first key is used up. */
    void run(Attack attack) throws IOException {
        switch (attack) {
            case RAPID_RESET -> reset();
            case SLOW_READER -> readSlowly();
            default -> flood(attack);
        }
    }

    private void flood(Attack attack) throws IOException {
        while (channel.isOpen() && !keys.due(System.nanoTime())) {
            while (filled < BATCH - 2 * LONGEST) {
                frame(attack);
            }
            flush();
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Opens as many streams as it may, gives them up at once, and takes the server's answers. */
    private void reset() throws IOException {
        while (session.end() == null) {
            final long nowNs = System.nanoTime();
            for (SessionStream each = session.open(nowNs); each != null; each = session.open(nowNs)) {
                each.reset(0);
                each.release();
            }
            for (session.fill(nowNs); session.hasOutbound(); session.fill(nowNs)) {
                session.sent(channel.write(session.outbound()));
            }
            if (channel.read(session.inbound()) < 0) {
                return;
            }
            session.received(System.nanoTime());
        }
    }

    /** One byte a second: progress of a kind. */
    private void readSlowly() throws IOException {
        askForBytes();
        final ByteBuffer one = ByteBuffer.allocate(1);
        while (channel.isOpen() && channel.read(one.clear()) >= 0) {
            LockSupport.parkNanos(SECOND_NS);
        }
    }

    private void askForBytes() throws IOException {
        number(FrameType.WINDOW_UPDATE, 0, CREDIT);
        memory.set(ValueLayout.JAVA_BYTE, (long) filled + Frame.headerLength(1), FloodServer.GIVE);
        seal(FrameType.STREAM, 1, 1);
        number(FrameType.WINDOW_UPDATE, 1, CREDIT);
        flush();
    }

    private void frame(Attack attack) {
        switch (attack) {
            case PING -> seal(FrameType.PING, 0, Frame.PING_LENGTH);
            case WINDOW_UPDATE -> number(FrameType.WINDOW_UPDATE, 0, 1);
            default -> throw new AssertionError("not a flood of frames: " + attack);
        }
    }

    private void number(int type, long streamId, long value) {
        seal(type, streamId, QuicVarint.write(memory, (long) filled + Frame.headerLength(streamId), value));
    }

    private void seal(int type, long streamId, int payloadLength) {
        filled += sealer.seal(keys, filled, type, streamId, payloadLength, 0);
    }

    private void flush() throws IOException {
        final int length = filled;
        filled = 0;
        Attackers.write(channel, memory.asSlice(0, length));
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
        if (keys != null) {
            keys.close();
        }
        arena.close();
    }
}
