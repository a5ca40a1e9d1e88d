package io.millrace.link;

import static io.millrace.memory.Layouts.LE_LONG;

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
 * Key generations of one direction of a link session. Each generation serves 2^16 counters under its own key, which Noise's
 * REKEY makes from the key before. So a frame's counter names its key, whichever frames were lost or late.
 *
 * <p>A ring of four holds the generation in use, the one before and the next one, prepared ahead.
 *
 * <p>Threading: {@link #position} by any thread; {@link #use} by the one thread that seals, or owns the window; everything
 * else by the thread that runs the link's handshakes. A key is overwritten only when a generation two later is in use.
 *
 * <p>Source: Noise rev 34 sections 4.2 and 11.3; {@code src/docs/specs/links.md}.
 */
final class LinkKeyGenerations {
    /** Frames of an generation, as a power of two. */
    static final int GENERATION_BITS = 16;

    /** Room of the ring in bytes. */
    static final int MEMORY_LENGTH = 4 * SecretKey.LENGTH + Aead.TAG_LENGTH;

    private static final int RING_MASK = 3;
    private static final int TAG_OFFSET = 4 * SecretKey.LENGTH;
    private static final long NONE = -1;

    /** Most keys made in one step of a catch-up: some 30 µs of work. */
    static final int SLICE = 32;

    private static final VarHandle GENERATION =
            MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();
    private static final MemorySegment REKEY_NONCE = rekeyNonce();

    private final MemorySegment memory;
    private final long[] generations = {NONE, NONE, NONE, NONE};
    private long newest;
    private long wanted;
    private volatile long used;

    /** Begins with generation 0 under the key of {@code first}, copied into {@code memory}, which its owner wipes. */
    LinkKeyGenerations(MemorySegment memory, CipherState first) {
        this.memory = memory;
        first.copyKey(memory);
        GENERATION.setRelease(generations, 0, 0L);
        prepare();
    }

    /**
     * Position in {@link #memory} of the key of {@code generation}, or -1 if the ring does not hold it: too old, or not
     * prepared yet.
     */
    long position(long generation) {
        final int index = (int) generation & RING_MASK;
        return (long) GENERATION.getAcquire(generations, index) == generation ? keyOffset(index) : -1;
    }

    /** The keys; never freed. */
    MemorySegment memory() {
        return memory;
    }

    /** Checks that the memory of the keys is open. */
    void requireOpen() {
        memory.get(ValueLayout.JAVA_BYTE, 0);
    }

    /** Tells that a frame of {@code generation} was sealed or accepted. */
    void use(long generation) {
        if (generation > used) {
            used = generation;
        }
    }

    /** Latest generation in use. */
    long used() {
        return used;
    }

    /** Makes the key of the generation after the one in use, if it is not made yet; returns how many were made. */
    int prepare() {
        return makeUpTo(used + 1);
    }

    /** Goes on to {@code generation}, which the peer uses by its own word, with the next calls of {@link #catchUp}. */
    void want(long generation) {
        wanted = Math.max(wanted, generation + 1);
    }

    /** Whether {@link #catchUp} has keys to make. */
    boolean isBehind() {
        return newest < wanted;
    }

    /** Makes at most {@link #SLICE} of the keys that are {@linkplain #want wanted}; returns how many were made. */
    int catchUp() {
        return newest < wanted ? makeUpTo(Math.min(wanted, newest + SLICE)) : 0;
    }

    /** Wipes the keys of all generations before the one in use, once no thread can be using them. */
    void forgetOld() {
        for (int index = 0; index <= RING_MASK; index++) {
            final long generation = (long) GENERATION.getAcquire(generations, index);
            if (generation != NONE && generation < used) {
                wipe(index);
            }
        }
    }

    private int makeUpTo(long generation) {
        int made = 0;
        while (newest < generation) {
            final MemorySegment key = key((int) newest & RING_MASK);
            final int index = (int) (newest + 1) & RING_MASK;
            final MemorySegment next = key(index);
            GENERATION.setRelease(generations, index, NONE);
            VarHandle.fullFence();
            next.fill((byte) 0);
            Aead.seal(next, memory.asSlice(TAG_OFFSET, Aead.TAG_LENGTH), MemorySegment.NULL, REKEY_NONCE, key);
            newest++;
            GENERATION.setRelease(generations, index, newest);
            made++;
        }
        if (made > 0) {
            Wiping.wipe(memory.asSlice(TAG_OFFSET, Aead.TAG_LENGTH));
        }
        return made;
    }

    private void wipe(int index) {
        GENERATION.setRelease(generations, index, NONE);
        VarHandle.fullFence();
        Wiping.wipe(key(index));
    }

    private MemorySegment key(int index) {
        return memory.asSlice(keyOffset(index), SecretKey.LENGTH);
    }

    private static long keyOffset(int index) {
        return (long) index * SecretKey.LENGTH;
    }

    private static MemorySegment rekeyNonce() {
        final MemorySegment nonce = Arena.global().allocate(Aead.NONCE_LENGTH);
        nonce.set(LE_LONG, 4, -1L);
        return nonce.asReadOnly();
    }
}
