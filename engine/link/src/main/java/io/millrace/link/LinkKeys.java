package io.millrace.link;

import io.millrace.crypto.Hkdf;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The keys of one link: one per direction, never the same. Owned by their user, who closes them.
 */
public final class LinkKeys implements AutoCloseable {
    /** Length of the identity of an end in bytes. */
    public static final int ID_LENGTH = 16;

    /** How much the clocks of two ends with a pre-shared key may differ, in milliseconds. */
    public static final long CLOCK_SKEW_MS = 120_000;

    /** Frames that a direction of a pre-shared link can count per millisecond, as a power of two. */
    private static final int COUNTER_BITS = 22;

    private static final byte[] SALT = "millrace htx1 pre-shared".getBytes(StandardCharsets.US_ASCII);

    /** Position of the sending key in {@link #memory}. */
    static final int SEND_OFFSET = 0;

    /** Position of the receiving key in {@link #memory}. */
    static final int RECEIVE_OFFSET = SecretKey.LENGTH;

    private static final int MEMORY_LENGTH = 2 * SecretKey.LENGTH;

    /** Both keys, in one guarded cell. */
    private final SecretKey keys;

    private final long firstCounter;
    private final long receiveFloor;

    /**
     * Moves the keys of a fresh session, whose counters begin at 0, to a guarded cell.
     *
     * @param send 32 bytes, for frames to the peer; closed, unless it is refused.
     * @param receive 32 bytes, for frames from the peer; closed, unless it is refused.
     * @throws io.millrace.crypto.SecretCellsExhaustedException if the process has no cell left.
     */
    public LinkKeys(SecretKey send, SecretKey receive) {
        this(moved(send, receive), 0, 0);
    }

    private LinkKeys(SecretKey keys, long firstCounter, long receiveFloor) {
        this.keys = keys;
        this.firstCounter = firstCounter;
        this.receiveFloor = receiveFloor;
    }

    private static SecretKey moved(SecretKey send, SecretKey receive) {
        if (send.length() != SecretKey.LENGTH || receive.length() != SecretKey.LENGTH) {
            throw new IllegalArgumentException(
                    "link keys are 32 bytes: send=" + send.length() + ", receive=" + receive.length());
        }
        final SecretKey moved = together(send.segment(), receive.segment());
        send.close();
        receive.close();
        return moved;
    }

    private static SecretKey together(MemorySegment send, MemorySegment receive) {
        final SecretKey keys = SecretKey.inCell(MEMORY_LENGTH);
        MemorySegment.copy(send, 0, keys.segment(), SEND_OFFSET, SecretKey.LENGTH);
        MemorySegment.copy(receive, 0, keys.segment(), RECEIVE_OFFSET, SecretKey.LENGTH);
        return keys;
    }

    /**
     * Derives the keys of a link from a secret that both ends know.
     *
     * <p>The same keys serve after a restart, so counters begin at the wall clock (milliseconds in the upper bits) and
     * never repeat as long as the clock does not go back, and frames of {@link #CLOCK_SKEW_MS} before {@code now} or
     * older are refused. Frames recorded within that time can be replayed to a receiver that restarts. A sender's
     * counters go on from its own start, far more slowly than the clock: a receiver that restarts refuses all frames of an
     * end that has run for longer than that, until that one restarts too. A handshake instead of a pre-shared key is the
     * cure for both.
     *
     * @param psk 32 bytes; stays the caller's.
     * @param own identity of this end, 16 bytes.
     * @param peer identity of the other end, 16 bytes, different.
     * @param now the wall clock.
     */
    public static LinkKeys preShared(SecretKey psk, byte[] own, byte[] peer, Instant now) {
        if (psk.length() != SecretKey.LENGTH || own.length != ID_LENGTH || peer.length != ID_LENGTH) {
            throw new IllegalArgumentException("a link needs 32 bytes of key and 16 of each id: pskLength="
                    + psk.length() + ", ownLength=" + own.length + ", peerLength=" + peer.length);
        }
        final int order = Arrays.compareUnsigned(own, peer);
        if (order == 0) {
            throw new IllegalArgumentException("the two ends of a link have the same id");
        }
        final byte[] low = order < 0 ? own : peer;
        final byte[] high = order < 0 ? peer : own;
        final long millis = now.toEpochMilli();
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment okm = arena.allocate(2L * SecretKey.LENGTH);
            final MemorySegment info = arena.allocate(2L * ID_LENGTH);
            MemorySegment.copy(low, 0, info, ValueLayout.JAVA_BYTE, 0, ID_LENGTH);
            MemorySegment.copy(high, 0, info, ValueLayout.JAVA_BYTE, ID_LENGTH, ID_LENGTH);
            try {
                Hkdf.derive(okm, arena.allocateFrom(ValueLayout.JAVA_BYTE, SALT), psk.segment(), info);
                final MemorySegment upward = okm.asSlice(0, SecretKey.LENGTH);
                final MemorySegment downward = okm.asSlice(SecretKey.LENGTH, SecretKey.LENGTH);
                // The lower end sends under the first.
                return new LinkKeys(
                        order < 0 ? together(upward, downward) : together(downward, upward),
                        millis << COUNTER_BITS,
                        Math.max(0, millis - CLOCK_SKEW_MS) << COUNTER_BITS);
            } finally {
                Wiping.wipe(okm);
            }
        }
    }

    /** Wipes both keys. */
    @Override
    public void close() {
        keys.close();
    }

    /**
     * Both keys; never freed, but wiped by {@link #close()}.
     *
     * @throws IllegalStateException if the keys are closed.
     */
    MemorySegment memory() {
        return keys.segment();
    }

    long firstCounter() {
        return firstCounter;
    }

    long receiveFloor() {
        return receiveFloor;
    }
}
