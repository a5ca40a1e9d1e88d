package io.millrace.frame;

import static io.millrace.memory.Layouts.LE_LONG;

import io.millrace.crypto.Aead;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/**
 * The keys of one direction, one after the other, and the counter of its frames: {@link SendingKeySchedule} or {@link
 * ReceivingKeySchedule}, so that the two cannot be exchanged.
 *
 * <p>The next key is what Noise's REKEY makes of the present one: 32 zero bytes encrypted under nonce 2^64 - 1. It is
 * best {@linkplain #prepare prepared} while no frame waits, when {@link #wantsPreparing} says so; {@link #advance} makes
 * it itself if need be. The counter goes on across keys. Keys lie off the heap, are wiped as soon as they are left, and
 * nothing is allocated after construction.
 *
 * <p>Threading: one thread, which seals or opens with it.
 *
 * <p>Source: Noise rev 34 sections 4.2 and 11.3; {@code src/docs/specs/htx-sessions.md}.
 */
public abstract sealed class KeySchedule implements AutoCloseable permits SendingKeySchedule, ReceivingKeySchedule {
    /** The last counter is Noise's for REKEY: it is never used for a frame. */
    private static final long RESERVED = -1L;

    private static final int TAG_OFFSET = 2 * SecretKey.LENGTH;
    private static final int NONCE_OFFSET = TAG_OFFSET + Aead.TAG_LENGTH;
    private static final int NONCE_COUNTER_OFFSET = 4;
    private static final int TOTAL_LENGTH = NONCE_OFFSET + Aead.NONCE_LENGTH;

    private final RekeyLimits limits;
    private final long byteLimit;
    private final long ageNs;
    private final SecretKey memory;
    private final MemorySegment even;
    private final MemorySegment odd;
    private final MemorySegment tag;
    private final MemorySegment nonce;

    private long generation;
    private boolean prepared;
    private long madeLate;
    private long counter;
    private int frames;
    private long bytes;
    private long sinceNs;

    /**
     * Starts with generation 0.
     *
     * @param first writes the first key, 32 bytes.
     */
    KeySchedule(Consumer<MemorySegment> first, RekeyLimits limits, long nowNs, long counter) {
        this.limits = limits;
        this.byteLimit = limits.bytes() - 2L * Frame.HARD_MAX_LENGTH;
        this.ageNs = limits.age().toNanos();
        this.counter = counter;
        this.sinceNs = nowNs;
        memory = SecretKey.inCell(TOTAL_LENGTH);
        even = memory.segment().asSlice(0, SecretKey.LENGTH);
        odd = memory.segment().asSlice(SecretKey.LENGTH, SecretKey.LENGTH);
        tag = memory.segment().asSlice(TAG_OFFSET, Aead.TAG_LENGTH);
        nonce = memory.segment().asSlice(NONCE_OFFSET, Aead.NONCE_LENGTH);
        nonce.set(LE_LONG, NONCE_COUNTER_OFFSET, RESERVED);
        boolean complete = false;
        try {
            first.accept(even);
            complete = true;
        } finally {
            if (!complete) {
                memory.close();
            }
        }
    }

    /** Writes a copy of {@code first}, 32 bytes. */
    static Consumer<MemorySegment> copyOf(MemorySegment first) {
        if (first.byteSize() != SecretKey.LENGTH) {
            throw new IllegalArgumentException("a key is 32 bytes: length=" + first.byteSize());
        }
        return even -> even.copyFrom(first);
    }

    /** Number of the present key, from 0. */
    public long generation() {
        return generation;
    }

    /**
     * The present key: 32 bytes, native, in memory that is never freed; wiped by {@link #advance} and {@link #close()}.
     *
     * @throws IllegalStateException if the keys are closed.
     */
    public MemorySegment key() {
        return key(generation);
    }

    /** Counter of the next frame, unsigned. */
    public long counter() {
        return counter;
    }

    /** Whether the counters are used up: no frame can be sealed or opened any more. */
    public boolean exhausted() {
        return counter == RESERVED;
    }

    /** Whether {@code frames} more counters are left, 1 or more. */
    boolean hasCounters(long frames) {
        return Long.compareUnsigned(RESERVED - counter, frames) >= 0;
    }

    /**
     * Counts one frame under the present key.
     *
     * @param frameLength in bytes, 0 or more.
     * @throws IllegalStateException if the counters are {@linkplain #exhausted used up}.
     */
    public void count(int frameLength) {
        if (counter == RESERVED) {
            throw new IllegalStateException("the counters are used up: generation=" + generation);
        }
        if (frameLength < 0) {
            throw new IllegalArgumentException("frameLength must not be negative: frameLength=" + frameLength);
        }
        counter++;
        frames++;
        bytes += frameLength;
    }

    /**
     * Whether the next frame has to be the KEY_UPDATE that ends the present key.
     *
     * @param nowNs present time in nanoseconds.
     */
    public boolean due(long nowNs) {
        return frames >= limits.frames() - 1 || bytes >= byteLimit || nowNs - sinceNs >= ageNs;
    }

    /** Whether the present key has been used for all that the limits allow, its age apart: a peer's fault. */
    public boolean overused() {
        return frames >= limits.frames() || bytes >= limits.bytes();
    }

    /**
     * Whether the next key is still to be made and half of the present one's time is over.
     *
     * @param nowNs present time in nanoseconds.
     */
    public boolean wantsPreparing(long nowNs) {
        return !prepared && (frames >= limits.frames() / 2 || bytes >= byteLimit / 2 || nowNs - sinceNs >= ageNs / 2);
    }

    /** Makes the next key, unless it is made already. */
    public void prepare() {
        if (prepared) {
            return;
        }
        final MemorySegment next = key(generation + 1);
        next.fill((byte) 0);
        Aead.seal(next, tag, MemorySegment.NULL, nonce, key(generation));
        Wiping.wipe(tag);
        prepared = true;
    }

    /** Keys that {@link #advance} had to make while a frame waited, because they were not prepared. */
    public long madeLate() {
        return madeLate;
    }

    /**
     * Goes over to the next key and wipes the present one.
     *
     * @param nowNs present time in nanoseconds.
     */
    public void advance(long nowNs) {
        if (!prepared) {
            madeLate++;
            prepare();
        }
        Wiping.wipe(key(generation));
        generation++;
        prepared = false;
        frames = 0;
        bytes = 0;
        sinceNs = nowNs;
    }

    /** Wipes all keys. */
    @Override
    public void close() {
        memory.close();
    }

    /** Copies the memory of all keys, for tests of its remains. */
    byte[] dump() {
        return memory.segment().toArray(ValueLayout.JAVA_BYTE);
    }

    private MemorySegment key(long number) {
        memory.segment(); // throws if this is closed: the cell may be another's then
        return (number & 1) == 0 ? even : odd;
    }
}
