package io.millrace.rig.htx;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.frame.Frame;
import io.millrace.frame.FrameOpener;
import io.millrace.frame.FrameSealer;
import io.millrace.frame.FrameType;
import io.millrace.frame.QuicVarint;
import io.millrace.frame.ReceivingKeySchedule;
import io.millrace.frame.RekeyLimits;
import io.millrace.frame.SendingKeySchedule;
import io.millrace.memory.AddressArray;
import io.millrace.memory.StatusArray;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.HdrHistogram.Histogram;

/**
 * Seals and opens frames of 1,024 bytes in one thread, one by one or together, and runs the AEAD alone over the same bytes.
 * Not thread safe.
 */
final class FrameLoop implements AutoCloseable {
    /** Of a frame, in bytes. */
    static final int PAYLOAD_LENGTH = 1_024;

    /** Frames that are sealed and opened together. */
    static final int TOGETHER = 16;

    private static final int STREAM_ID = 1;
    private static final int TEXT_LENGTH = 2 + PAYLOAD_LENGTH;
    private static final int NONCE_COUNTER_OFFSET = 4;
    private static final int NONCE_STRIDE = 16;
    private static final int FRAME_LENGTH = Frame.frameLength(STREAM_ID, PAYLOAD_LENGTH);

    private final MemorySegment memory;
    private final FrameSealer sealer;
    private final FrameOpener opener;
    private final FrameOpener lookingAhead;
    private final SendingKeySchedule sending;
    private final ReceivingKeySchedule receiving;
    private final BatchCrypto crypto;
    private final MemorySegment nonceBytes;
    private final AddressArray text;
    private final AddressArray tag;
    private final AddressArray ad;
    private final AddressArray nonce;
    private final AddressArray key;
    private final StatusArray ok;
    private long bareCounter;

    /**
     * Makes both directions of one key.
     *
     * @param arena holds all buffers; outlives this.
     * @param limits after which the key changes.
     */
    FrameLoop(Arena arena, BatchCrypto crypto, RekeyLimits limits) {
        this.crypto = crypto;
        memory = arena.allocate((long) TOGETHER * FRAME_LENGTH, 64);
        sealer = new FrameSealer(arena, crypto, memory, TOGETHER);
        opener = new FrameOpener(arena, crypto, memory, Frame.DEFAULT_MAX_LENGTH);
        lookingAhead = new FrameOpener(arena, crypto, memory, Frame.DEFAULT_MAX_LENGTH, TOGETHER);
        final MemorySegment keyBytes = arena.allocate(BatchCrypto.KEY_LENGTH).fill((byte) 7);
        sending = new SendingKeySchedule(keyBytes, limits, 0);
        receiving = new ReceivingKeySchedule(keyBytes, limits, 0);
        nonceBytes = arena.allocate((long) TOGETHER * NONCE_STRIDE, NONCE_STRIDE);
        ad = operand(arena, memory, 0, FRAME_LENGTH);
        text = operand(arena, memory, Frame.LENGTH_FIELD, FRAME_LENGTH);
        tag = operand(arena, memory, Frame.LENGTH_FIELD + TEXT_LENGTH, FRAME_LENGTH);
        nonce = operand(arena, nonceBytes, 0, NONCE_STRIDE);
        key = operand(arena, keyBytes, 0, 0);
        ok = new StatusArray(arena, TOGETHER);
    }

    private static AddressArray operand(Arena arena, MemorySegment source, long offset, long stride) {
        return new AddressArray(arena, TOGETHER).fill(TOGETHER, source, offset, stride);
    }

    /** Nanoseconds per frame over {@code count} frames. */
    double frames(int count) {
        final long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            frame();
        }
        return (double) (System.nanoTime() - start) / count;
    }

    /** Nanoseconds per frame over {@code count} frames, {@link #TOGETHER} at a time. */
    double framesTogether(int count) {
        final long start = System.nanoTime();
        for (int i = 0; i < count; i += TOGETHER) {
            if (sending.wantsPreparing(0)) {
                changeKey(); // early, so that none is due among the frames
            }
            int end = 0;
            for (int j = 0; j < TOGETHER; j++) {
                end += sealer.add(sending, end, FrameType.STREAM, STREAM_ID, PAYLOAD_LENGTH, 0);
            }
            sealer.sealAdded();
            for (int at = 0; at < end; at += FRAME_LENGTH) {
                if (lookingAhead.open(receiving, at, end - at) != FRAME_LENGTH) {
                    throw new AssertionError("not opened");
                }
            }
        }
        return (double) (System.nanoTime() - start) / roundedUp(count);
    }

    /** Nanoseconds per seal and open of the AEAD alone over {@code count} rounds. */
    double bare(int count) {
        return bare(count, 1);
    }

    /** Nanoseconds per text sealed and opened by the AEAD alone, {@link #TOGETHER} at a time, over {@code count} texts. */
    double bareTogether(int count) {
        return bare(roundedUp(count), TOGETHER);
    }

    private static int roundedUp(int count) {
        return Math.ceilDiv(count, TOGETHER) * TOGETHER;
    }

    private double bare(int count, int batch) {
        final long start = System.nanoTime();
        for (int i = 0; i < count; i += batch) {
            for (int j = 0; j < batch; j++) {
                nonceBytes.set(JAVA_LONG_UNALIGNED, (long) j * NONCE_STRIDE + NONCE_COUNTER_OFFSET, bareCounter++);
            }
            crypto.aeadSeal(batch, text, TEXT_LENGTH, tag, ad, Frame.LENGTH_FIELD, nonce, key);
            crypto.aeadOpen(batch, text, TEXT_LENGTH, tag, ad, Frame.LENGTH_FIELD, nonce, key, ok);
            if (!ok.ok(batch - 1)) {
                throw new AssertionError("not opened");
            }
        }
        return (double) (System.nanoTime() - start) / count;
    }

    /**
     * Records the latency of {@code count} frames.
     *
     * @param changes the same of the frames at which the key changed.
     * @param prepares whether the next key is made before, off the clock.
     */
    void record(int count, Histogram all, Histogram changes, boolean prepares) {
        for (int i = 0; i < count; i++) {
            if (prepares && sending.wantsPreparing(0)) {
                sending.prepare();
                receiving.prepare();
            }
            final boolean change = sending.due(0);
            final long start = System.nanoTime();
            frame();
            final long elapsed = System.nanoTime() - start;
            all.recordValue(elapsed);
            if (change) {
                changes.recordValue(elapsed);
            }
        }
    }

    private void frame() {
        if (sending.due(0)) {
            changeKey();
        }
        open(sealer.seal(sending, 0, FrameType.STREAM, STREAM_ID, PAYLOAD_LENGTH, 0));
    }

    private void changeKey() {
        final int length = QuicVarint.write(memory, Frame.headerLength(0), sending.generation() + 1);
        open(sealer.seal(sending, 0, FrameType.KEY_UPDATE, 0, length, 0));
        sending.advance(0);
        receiving.advance(0);
    }

    private void open(int length) {
        if (opener.open(receiving, 0, length) != length) {
            throw new AssertionError("not opened");
        }
    }

    @Override
    public void close() {
        sending.close();
        receiving.close();
    }
}
