package io.millrace.crypto;

import static io.millrace.memory.Layouts.LE_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * BLAKE2s, unkeyed, 32 bytes. libsodium has none, so this one is in Java: constant-time (it adds, rotates and
 * exclusive-ors, and no index or branch depends on the data), its state off the heap and wiped. It is here for Noise
 * protocols that name it, which are not on the packet path: one block costs some hundreds of nanoseconds.
 *
 * <p>Source: RFC 7693.
 */
public final class Blake2s {
    /** Length of a hash in bytes. */
    public static final int LENGTH = 32;

    /** Length of a block in bytes. */
    public static final int BLOCK_LENGTH = 64;

    private static final int[] IV = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
    };

    /** RFC 7693 section 2.7, one round a line. */
    private static final byte[][] SIGMA = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
    };

    /** Parameter block: digest length 32, no key, fanout 1, depth 1. */
    private static final int PARAMETERS = 0x01010000 | LENGTH;

    // Layout of the state: h, v, the block that fills.
    private static final int V_OFFSET = 32;
    private static final int BLOCK_OFFSET = 96;
    private static final int STATE_LENGTH = 160;

    private final MemorySegment state;
    private long taken;
    private int filled;

    private Blake2s(MemorySegment state) {
        this.state = state;
        for (int i = 0; i < IV.length; i++) {
            state.set(LE_INT, 4L * i, i == 0 ? IV[0] ^ PARAMETERS : IV[i]);
        }
    }

    /**
     * Writes the hash of the concatenation of {@code parts} to {@code out}.
     *
     * @param out native, 32 bytes; may overlap the parts.
     * @param parts native, any length each.
     */
    public static void hash(MemorySegment out, MemorySegment... parts) {
        Operands.out("out", out, LENGTH);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(STATE_LENGTH, 64);
            try {
                final Blake2s hash = new Blake2s(state);
                for (MemorySegment part : parts) {
                    Operands.in("part", part);
                    hash.update(part);
                }
                hash.finish(out);
            } finally {
                Wiping.wipe(state);
            }
        }
    }

    private void update(MemorySegment part) {
        long done = 0;
        while (done < part.byteSize()) {
            if (filled == BLOCK_LENGTH) {
                compress(0);
            }
            final int length = (int) Math.min(BLOCK_LENGTH - filled, part.byteSize() - done);
            MemorySegment.copy(part, done, state, BLOCK_OFFSET + filled, length);
            filled += length;
            taken += length;
            done += length;
        }
    }

    private void finish(MemorySegment out) {
        state.asSlice(BLOCK_OFFSET + filled, BLOCK_LENGTH - filled).fill((byte) 0);
        compress(-1);
        MemorySegment.copy(state, 0, out, 0, LENGTH);
    }

    /** RFC 7693 section 3.2. */
    private void compress(int lastBlock) {
        for (int i = 0; i < IV.length; i++) {
            v(i, state.get(LE_INT, 4L * i));
            v(i + 8, IV[i]);
        }
        v(12, v(12) ^ (int) taken);
        v(13, v(13) ^ (int) (taken >>> 32));
        v(14, v(14) ^ lastBlock);
        for (byte[] s : SIGMA) {
            mix(0, 4, 8, 12, s[0], s[1]);
            mix(1, 5, 9, 13, s[2], s[3]);
            mix(2, 6, 10, 14, s[4], s[5]);
            mix(3, 7, 11, 15, s[6], s[7]);
            mix(0, 5, 10, 15, s[8], s[9]);
            mix(1, 6, 11, 12, s[10], s[11]);
            mix(2, 7, 8, 13, s[12], s[13]);
            mix(3, 4, 9, 14, s[14], s[15]);
        }
        for (int i = 0; i < IV.length; i++) {
            state.set(LE_INT, 4L * i, state.get(LE_INT, 4L * i) ^ v(i) ^ v(i + 8));
        }
        filled = 0;
    }

    private void mix(int a, int b, int c, int d, int x, int y) {
        v(a, v(a) + v(b) + word(x));
        v(d, Integer.rotateRight(v(d) ^ v(a), 16));
        v(c, v(c) + v(d));
        v(b, Integer.rotateRight(v(b) ^ v(c), 12));
        v(a, v(a) + v(b) + word(y));
        v(d, Integer.rotateRight(v(d) ^ v(a), 8));
        v(c, v(c) + v(d));
        v(b, Integer.rotateRight(v(b) ^ v(c), 7));
    }

    private int word(int index) {
        return state.get(LE_INT, BLOCK_OFFSET + 4L * index);
    }

    private int v(int index) {
        return state.get(LE_INT, V_OFFSET + 4L * index);
    }

    private void v(int index, int value) {
        state.set(LE_INT, V_OFFSET + 4L * index, value);
    }
}
