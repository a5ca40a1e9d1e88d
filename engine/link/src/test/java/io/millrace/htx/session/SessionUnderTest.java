package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.frame.FrameType;
import io.millrace.frame.ReceivingKeySchedule;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.test.SeededRandomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** One end of a session over a simulated pipe, with keys as a handshake would give them. */
public final class SessionUnderTest implements AutoCloseable {
    public static final BatchCrypto CRYPTO = CryptoProviders.byName("auto");

    /** Streams that the peer opened and that are not taken yet. */
    public final Deque<SessionStream> opened = new ArrayDeque<>();

    public final Session session;

    public SessionUnderTest(boolean initiator, SessionConfig config, long seed, long nowNs) {
        this(initiator, config, seed, nowNs, CRYPTO);
    }

    public SessionUnderTest(boolean initiator, SessionConfig config, long seed, long nowNs, BatchCrypto crypto) {
        session = new Session(
                sendingKeys(initiator ? 1 : 2, config.rekey(), nowNs),
                receivingKeys(initiator ? 2 : 1, config.rekey(), nowNs),
                initiator,
                config,
                crypto,
                new SeededRandomness(seed),
                new SessionListener() {
                    @Override
                    public void onOpened(SessionStream stream) {
                        opened.add(stream);
                    }
                },
                nowNs);
    }

    public static SendingKeySchedule sendingKeys(int number, RekeyLimits limits, long nowNs) {
        try (Arena arena = Arena.ofConfined()) {
            return new SendingKeySchedule(key(arena, number), limits, nowNs);
        }
    }

    public static ReceivingKeySchedule receivingKeys(int number, RekeyLimits limits, long nowNs) {
        try (Arena arena = Arena.ofConfined()) {
            return new ReceivingKeySchedule(key(arena, number), limits, nowNs);
        }
    }

    private static MemorySegment key(Arena arena, int number) {
        final byte[] key = new byte[32];
        Arrays.fill(key, (byte) number);
        return arena.allocateFrom(JAVA_BYTE, key);
    }

    /** Takes up to {@code limit} bytes off the outgoing bytes. */
    public byte[] take(int limit, long nowNs) {
        session.fill(nowNs);
        final ByteBuffer bytes = session.outbound();
        final byte[] taken = new byte[Math.min(limit, bytes.remaining())];
        bytes.get(taken);
        session.sent(taken.length);
        return taken;
    }

    /** Grants more credit than the session would. */
    public void credit(long streamId, long increment, long nowNs) {
        session.outbox().number(FrameType.WINDOW_UPDATE, streamId, increment, nowNs);
    }

    public void give(byte[] bytes, long nowNs) {
        int done = 0;
        while (done < bytes.length) {
            final ByteBuffer room = session.inbound();
            final int count = Math.min(room.remaining(), bytes.length - done);
            room.put(bytes, done, count);
            session.received(nowNs);
            done += count;
            if (session.end() != null) {
                return;
            }
        }
    }

    /** Moves everything between two ends until neither has anything to say. */
    public static void settle(SessionUnderTest a, SessionUnderTest b, long nowNs) {
        boolean moved = true;
        while (moved) {
            final byte[] toB = a.take(Integer.MAX_VALUE, nowNs);
            b.give(toB, nowNs);
            final byte[] toA = b.take(Integer.MAX_VALUE, nowNs);
            a.give(toA, nowNs);
            moved = toA.length + toB.length > 0;
        }
    }

    public static int write(SessionStream stream, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            return stream.write(arena.allocateFrom(JAVA_BYTE, bytes), 0, bytes.length);
        }
    }

    /** Bytes that can be read now. */
    public static byte[] read(SessionStream stream) {
        try (Arena arena = Arena.ofConfined()) {
            final int length = stream.readable();
            final MemorySegment target = arena.allocate(Math.max(1, length));
            final int count = stream.read(target, 0, length);
            return target.asSlice(0, Math.max(0, count)).toArray(JAVA_BYTE);
        }
    }

    /** Result of a read without bytes. */
    public static int readNothing(SessionStream stream) {
        try (Arena arena = Arena.ofConfined()) {
            return stream.read(arena.allocate(16), 0, 16);
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
