package io.millrace.htx.session;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.Frame;
import io.millrace.frame.FrameOpener;
import io.millrace.frame.ReceivingKeySchedule;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Bytes from the carrier, until they are whole frames. */
final class Inbox {
    private static final int FRAMES = 5;

    /** Most frames that are decrypted together. */
    private static final int TOGETHER = 16;

    private final MemorySegment memory;
    private final ByteBuffer bytes;
    private final FrameOpener opener;
    private final ReceivingKeySchedule keys;
    private final int wire;
    private int start;
    private int end;

    Inbox(Arena arena, BatchCrypto crypto, ReceivingKeySchedule keys, SessionConfig config) {
        this.keys = keys;
        this.wire = Frame.LENGTH_FIELD + config.maxFrameLength();
        this.memory = arena.allocate((long) FRAMES * wire, Long.BYTES);
        this.bytes = memory.asByteBuffer();
        this.opener = new FrameOpener(arena, crypto, memory, config.maxFrameLength(), TOGETHER);
    }

    /** Where more bytes go; never without room once all whole frames are taken. */
    ByteBuffer room() {
        if (start == end) {
            start = 0;
            end = 0;
        } else if (memory.byteSize() - end < wire) {
            MemorySegment.copy(memory, start, memory, 0, end - start);
            opener.moved(start);
            end -= start;
            start = 0;
        }
        return bytes.limit(bytes.capacity()).position(end);
    }

    /** Takes in the bytes that were put into {@link #room}. */
    void filled() {
        end = bytes.position();
    }

    /** As {@link FrameOpener#open}; a whole frame is taken off. */
    int next() {
        final int length = opener.open(keys, start, end - start);
        if (length > 0) {
            start += length;
        }
        return length;
    }

    Frame frame() {
        return opener.frame();
    }

    MemorySegment memory() {
        return memory;
    }
}
