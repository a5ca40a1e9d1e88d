package io.millrace.htx.session;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.Frame;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import io.millrace.frame.SendingKeySchedule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Sealed frames on their way to the carrier: pads them, counts them, and changes the key when it is due. Room for one PING
 * is kept free of everything else, so that a peer that reads nothing can still be asked whether it is there.
 */
final class Outbox {
    private static final int FRAMES = 8;
    private static final int SMALL_FRAME = 64;

    /** Most frames that are encrypted together. */
    private static final int TOGETHER = 16;

    private final MemorySegment memory;
    private final ByteBuffer bytes;
    private final FrameSealer sealer;
    private final SendingKeySchedule keys;
    private final int[] sizeClasses;
    private final int maxTextLength;
    private final int room;
    private final int pingRoom;
    private int start;
    private int end;

    /** End of the frames that are encrypted; the others may not leave. */
    private int sealedEnd;

    private long frames;
    private long dataFrames;
    private long lastNs;
    private long movedNs;
    private boolean moved;

    Outbox(Arena arena, BatchCrypto crypto, SendingKeySchedule keys, SessionConfig config, long nowNs) {
        final int wire = Frame.LENGTH_FIELD + config.maxFrameLength();
        this.keys = keys;
        // A KEY_UPDATE, padded perhaps, may go before any frame.
        this.room = 2 * wire;
        this.pingRoom = 2 * pingLength(config.padding().classes());
        this.memory = arena.allocate((long) FRAMES * wire + SMALL_FRAME + pingRoom, SMALL_FRAME);
        this.bytes = memory.asByteBuffer();
        this.sealer = new FrameSealer(arena, crypto, memory, TOGETHER);
        this.sizeClasses = config.padding().classes();
        this.maxTextLength = config.maxTextLength();
        this.lastNs = nowNs;
        this.movedNs = nowNs;
    }

    private static int pingLength(int[] sizeClasses) {
        return Frame.LENGTH_FIELD + PaddingPolicy.padded(sizeClasses, 2 + Frame.PING_LENGTH) + Frame.TAG_LENGTH;
    }

    /** Whether one more frame of any length fits. */
    boolean hasRoom() {
        return memory.byteSize() - pingRoom - end >= room;
    }

    /** Whether a PING fits, if it has to be. */
    boolean hasPingRoom() {
        return memory.byteSize() - end >= pingRoom;
    }

    /** Takes note of the time: bytes that have waited since then, and none was taken off, are {@linkplain #movedNs stuck}. */
    void observe(long nowNs) {
        if (moved || isEmpty()) {
            moved = false;
            movedNs = nowNs;
        }
    }

    /** When the carrier was last seen to take a byte, or to have none to take. */
    long movedNs() {
        return movedNs;
    }

    /** Drops all that waits: the carrier takes no more. */
    void drop() {
        sealAdded();
        start = 0;
        end = 0;
        sealedEnd = 0;
    }

    /** Encrypts the frames written since the last call, so that they can leave. */
    void sealAdded() {
        sealer.sealAdded();
        sealedEnd = end;
    }

    boolean isEmpty() {
        return start == end;
    }

    /** Frames written so far. */
    long frames() {
        return frames;
    }

    /** Frames with bytes of a stream that were written so far. */
    long dataFrames() {
        return dataFrames;
    }

    /** When the last frame was written. */
    long lastNs() {
        return lastNs;
    }

    /** Encrypted frames to be sent; {@link #sent} takes them off. */
    ByteBuffer bytes() {
        return bytes.limit(sealedEnd).position(start);
    }

    void sent(int count) {
        moved |= count > 0;
        start = Math.min(sealedEnd, start + count);
        if (start == end) {
            start = 0;
            end = 0;
            sealedEnd = 0;
        }
    }

    /** Most payload of one frame of that stream. */
    int maxPayload(long streamId) {
        return maxTextLength - 1 - QuicVarint.length(streamId);
    }

    void number(int type, long streamId, long value, long nowNs) {
        changeKeyIfDue(nowNs);
        final int length = QuicVarint.write(memory, end + Frame.headerLength(streamId), value);
        seal(type, streamId, length, nowNs);
    }

    void ping(int flags, long value, long nowNs) {
        changeKeyIfDue(nowNs);
        memory.set(JAVA_LONG_UNALIGNED, end + Frame.headerLength(0), value);
        seal(FrameType.PING | flags, 0, Frame.PING_LENGTH, nowNs);
    }

    void data(SessionStream stream, int length, boolean last, long nowNs) {
        changeKeyIfDue(nowNs);
        stream.sendQueue.remove(memory, end + Frame.headerLength(stream.id), length);
        dataFrames += length > 0 ? 1 : 0;
        seal(FrameType.STREAM | (last ? FrameType.FIN : 0), stream.id, length, nowNs);
    }

    /** A frame whose plaintext is {@code textLength} bytes, 3 or more, before size classes. */
    void padding(int textLength, long nowNs) {
        changeKeyIfDue(nowNs);
        final int padded = PaddingPolicy.padded(sizeClasses, Math.min(textLength, maxTextLength));
        append(sealer.add(keys, end, FrameType.PADDING, 0, 0, padded - 2), nowNs);
    }

    private void seal(int type, long streamId, int payloadLength, long nowNs) {
        final int textLength = 1 + QuicVarint.length(streamId) + payloadLength;
        final int padding = PaddingPolicy.padded(sizeClasses, textLength) - textLength;
        append(sealer.add(keys, end, type, streamId, payloadLength, padding), nowNs);
    }

    private void changeKeyIfDue(long nowNs) {
        if (keys.due(nowNs)) {
            final int length = QuicVarint.write(memory, end + Frame.headerLength(0), keys.generation() + 1);
            seal(FrameType.KEY_UPDATE, 0, length, nowNs);
            sealAdded(); // before their key is wiped
            keys.advance(nowNs);
        }
    }

    private void append(int frameLength, long nowNs) {
        end += frameLength;
        frames++;
        lastNs = nowNs;
    }
}
