package io.millrace.htx;

import io.millrace.crypto.Aead;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import io.millrace.noise.CipherState;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The keys of one direction of a link session: 2^16 counters make an epoch, and each epoch has its key, derived
 * from the one before by Noise's REKEY. A frame's counter therefore names its key, whatever was lost or came late.
 *
 * <p>A ring of four holds the present epoch, the one before and the next one, prepared ahead.
 *
 * <p>Threading: {@link #position} by any thread; {@link #use} by the one thread that seals, or owns the window;
 * everything else by the thread that looks after the link. An epoch's key is overwritten only when a later epoch but one
 * is in use.
 *
 * <p>Source: Noise rev 34 sections 4.2 and 11.3; {@code src/docs/specs/links.md}.
 */
final class EpochKeys {
    /** Frames of an epoch, as a power of two. */
    static final int EPOCH_BITS = 16;

    /** Room of the ring in bytes. */
    static final int MEMORY_LENGTH = 4 * SecretKey.LENGTH + Aead.TAG_LENGTH;

    private static final int RING_MASK = 3;
    private static final int TAG_OFFSET = 4 * SecretKey.LENGTH;
    private static final long NONE = -1;

    /** Most keys made in one step of a catch-up: some 30 µs of work. */
    static final int SLICE = 32;

    private static final VarHandle EPOCH =
            MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final MemorySegment REKEY_NONCE = rekeyNonce();

    private final MemorySegment memory;
    private final long[] epochs = {NONE, NONE, NONE, NONE};
    private long newest;
    private long wanted;
    private volatile long used;

    /** Begins with epoch 0 under the key of {@code first}, copied into {@code memory}, which its owner wipes. */
    EpochKeys(MemorySegment memory, CipherState first) {
        this.memory = memory;
        first.copyKey(memory);
        EPOCH.setRelease(epochs, 0, 0L);
        prepare();
    }

    /** Position in {@link #memory} of the key of {@code epoch}, or -1 if it is not here: too old, or not prepared yet. */
    long position(long epoch) {
        final int cell = (int) epoch & RING_MASK;
        return (long) EPOCH.getAcquire(epochs, cell) == epoch ? cellOffset(cell) : -1;
    }

    /** The keys; never freed. */
    MemorySegment memory() {
        return memory;
    }

    /** Checks that the memory of the keys is open. */
    void requireOpen() {
        memory.get(ValueLayout.JAVA_BYTE, 0);
    }

    /** Tells that a frame of {@code epoch} was sealed or accepted. */
    void use(long epoch) {
        if (epoch > used) {
            used = epoch;
        }
    }

    /** Latest epoch in use. */
    long used() {
        return used;
    }

    /** Makes the key of the epoch after the one in use, if it is not made yet; returns how many were made. */
    int prepare() {
        return makeUpTo(used + 1);
    }

    /** Goes on to {@code epoch}, which the peer uses by its own word, with the next calls of {@link #catchUp}. */
    void want(long epoch) {
        wanted = Math.max(wanted, epoch + 1);
    }

    /** Whether {@link #catchUp} has keys to make. */
    boolean isBehind() {
        return newest < wanted;
    }

    /** Makes at most {@link #SLICE} of the keys that are {@linkplain #want wanted}; returns how many were made. */
    int catchUp() {
        return newest < wanted ? makeUpTo(Math.min(wanted, newest + SLICE)) : 0;
    }

    /** Forgets the keys of all epochs before the one in use; when no thread can use them any more. */
    void forgetOld() {
        for (int cell = 0; cell <= RING_MASK; cell++) {
            final long epoch = (long) EPOCH.getAcquire(epochs, cell);
            if (epoch != NONE && epoch < used) {
                wipe(cell);
            }
        }
    }

    private int makeUpTo(long epoch) {
        int made = 0;
        while (newest < epoch) {
            final MemorySegment key = cell((int) newest & RING_MASK);
            final int cell = (int) (newest + 1) & RING_MASK;
            final MemorySegment next = cell(cell);
            EPOCH.setRelease(epochs, cell, NONE);
            VarHandle.fullFence();
            next.fill((byte) 0);
            Aead.seal(next, memory.asSlice(TAG_OFFSET, Aead.TAG_LENGTH), MemorySegment.NULL, REKEY_NONCE, key);
            newest++;
            EPOCH.setRelease(epochs, cell, newest);
            made++;
        }
        if (made > 0) {
            Wiping.wipe(memory.asSlice(TAG_OFFSET, Aead.TAG_LENGTH));
        }
        return made;
    }

    private void wipe(int cell) {
        EPOCH.setRelease(epochs, cell, NONE);
        VarHandle.fullFence();
        Wiping.wipe(cell(cell));
    }

    private MemorySegment cell(int cell) {
        return memory.asSlice(cellOffset(cell), SecretKey.LENGTH);
    }

    private static long cellOffset(int cell) {
        return (long) cell * SecretKey.LENGTH;
    }

    private static MemorySegment rekeyNonce() {
        final MemorySegment nonce = Arena.global().allocate(Aead.NONCE_LENGTH);
        nonce.set(LinkFrame.LE_LONG, 4, -1L);
        return nonce.asReadOnly();
    }
}
