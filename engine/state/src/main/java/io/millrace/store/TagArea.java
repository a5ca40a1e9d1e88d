package io.millrace.store;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.crypto.Blake2b;
import io.millrace.crypto.ChaCha20;
import io.millrace.crypto.Randomness;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.Wiping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One area of a {@link TagFile}: slots that are filled in a random order under a mask that only the key gives. Reusable.
 *
 * <pre>
 *  offset  length  field
 *       0      32  salt         random; zeros: the area is not used
 *      32      32  not used
 *      64   65472  2,728 slots of 24 bytes; zeros: the slot is not used
 *   65536          end
 *
 *  slot, before its mask is added by exclusive or:
 *       0      16  tag
 *      16       8  check        of tag and slot number
 * </pre>
 *
 * <p>Mask: ChaCha20 key stream from block 0, nonce zero, key {@code BLAKE2b-256(key, input = salt, personal
 * "millrace-journal")}. No salt serves twice: an area that an earlier process began is never written again.
 *
 * <p>Threading: one thread prepares, one fills; the hand-over is the file's.
 */
final class TagArea {
    /** Length of an area in the file, in bytes. */
    static final int LENGTH = 1 << 16;

    private static final int SALT_LENGTH = 32;
    private static final int SLOTS_OFFSET = 64;
    private static final int SLOT_LENGTH = 24;
    private static final int SLOTS_LENGTH = LENGTH - SLOTS_OFFSET;

    /** Tags that an area holds. */
    static final int SLOTS = SLOTS_LENGTH / SLOT_LENGTH;

    private static final ValueLayout.OfLong LE_LONG = JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment mask;
    private final MemorySegment areaKey;
    private final MemorySegment random;
    private final MemorySegment personal;
    private final MemorySegment nonce;
    private final short[] order = new short[SLOTS];
    private MemorySegment memory;
    private long base;
    private int filled;

    TagArea(Arena arena) {
        this.mask = arena.allocate(SLOTS_LENGTH, 64);
        this.areaKey = arena.allocate(SecretKey.LENGTH, 64);
        this.random = arena.allocate((long) SLOTS * Integer.BYTES, 64);
        this.nonce = arena.allocate(ChaCha20.NONCE_LENGTH, 64);
        this.personal = arena.allocate(Blake2b.PERSONAL_LENGTH);
        personal.copyFrom(MemorySegment.ofArray("millrace-journal".getBytes(StandardCharsets.US_ASCII)));
    }

    /** Whether no slot of the area at {@code base} is used. */
    static boolean isEmpty(MemorySegment memory, long base) {
        for (long at = base + SLOTS_OFFSET; at < base + LENGTH; at += Long.BYTES) {
            if (memory.get(LE_LONG, at) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Makes the empty area at {@code base} ready to be filled, with a new salt, mask and order. */
    void prepare(MemorySegment file, long position, SecretKey key, Randomness randomness) {
        memory = file;
        base = position;
        filled = 0;
        randomness.fill(random);
        for (int slot = 0; slot < SLOTS; slot++) {
            // Inside out: the order is uniform up to the bias of a 32-bit number, 10^-6.
            final int other = Integer.remainderUnsigned(random.getAtIndex(JAVA_INT, slot), slot + 1);
            order[slot] = order[other];
            order[other] = (short) slot;
        }
        randomness.fill(random);
        MemorySegment.copy(random, 0, memory, base, SALT_LENGTH);
        computeMask(key);
    }

    int free() {
        return SLOTS - filled;
    }

    /** Fills the next slot; one must be free. */
    void add(long low, long high) {
        final int slot = order[filled++];
        final long in = (long) slot * SLOT_LENGTH;
        final long out = base + SLOTS_OFFSET + in;
        memory.set(LE_LONG, out, low ^ mask.get(LE_LONG, in));
        memory.set(LE_LONG, out + 8, high ^ mask.get(LE_LONG, in + 8));
        memory.set(LE_LONG, out + 16, check(low, high, slot) ^ mask.get(LE_LONG, in + 16));
    }

    /** Shows the tags of the area at {@code position}; a slot that a dying process did not finish holds none. */
    void read(MemorySegment file, long position, SecretKey key, Visitor visitor) {
        memory = file;
        base = position;
        filled = SLOTS;
        computeMask(key);
        for (int slot = 0; slot < SLOTS; slot++) {
            final long in = (long) slot * SLOT_LENGTH;
            final long at = base + SLOTS_OFFSET + in;
            final long low = memory.get(LE_LONG, at);
            final long high = memory.get(LE_LONG, at + 8);
            final long check = memory.get(LE_LONG, at + 16);
            if ((low | high | check) != 0) {
                final long tagLow = low ^ mask.get(LE_LONG, in);
                final long tagHigh = high ^ mask.get(LE_LONG, in + 8);
                if ((check ^ mask.get(LE_LONG, in + 16)) == check(tagLow, tagHigh, slot)) {
                    visitor.tag(tagLow, tagHigh);
                }
            }
        }
    }

    /** Zeroes the mask and the order. */
    void wipe() {
        Wiping.wipe(mask);
        Wiping.wipe(random);
        Arrays.fill(order, (short) 0);
    }

    private void computeMask(SecretKey key) {
        // Copied off the file first: the hash reads native memory of this process only.
        MemorySegment.copy(memory, base, random, 0, SALT_LENGTH);
        Blake2b.hash(areaKey, random.asSlice(0, SALT_LENGTH), key.segment(), MemorySegment.NULL, personal);
        ChaCha20.stream(mask, nonce, areaKey);
        Wiping.wipe(areaKey);
        Wiping.wipe(random);
    }

    private static long check(long low, long high, int slot) {
        long mixed = (low ^ slot) * 0x9e37_79b9_7f4a_7c15L;
        mixed = (Long.rotateLeft(mixed, 29) ^ high) * 0xbf58_476d_1ce4_e5b9L;
        return mixed ^ mixed >>> 32;
    }

    /** Sees the tags of an area. */
    @FunctionalInterface
    interface Visitor {
        /** One tag, as two little-endian words. */
        void tag(long low, long high);
    }
}
