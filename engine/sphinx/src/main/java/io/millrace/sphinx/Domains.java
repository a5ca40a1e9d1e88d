package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The personalisation strings of one profile and the salts that keep the uses of BLAKE2b apart, off-heap.
 *
 * <p>Immutable; any thread may read it while the arena lives.
 *
 * <p>Source: RFC 7693 section 2.8 for the two fields.
 */
final class Domains {
    private static final int LENGTH = 16;

    /** Extract: shared secret to pseudo-random key. */
    final MemorySegment kdf;
    /** Expand: pseudo-random key to output block; the block's number is the salt. */
    final MemorySegment expand;
    /** Expand the payload key of a SURB; the block's number is the salt. */
    final MemorySegment surb;
    /** Header MAC. */
    final MemorySegment mac;
    /** First hash round of LIONESS encryption. */
    final MemorySegment lionessFirst;
    /** Second hash round of LIONESS encryption. */
    final MemorySegment lionessSecond;

    private final MemorySegment[] salts = new MemorySegment[HopKeys.BLOCK_COUNT];

    Domains(Arena arena, SphinxProfile profile) {
        final String prefix = "millrace-" + profile.label();
        kdf = personal(arena, prefix + "-kdf");
        expand = personal(arena, prefix + "-exp");
        surb = personal(arena, prefix + "-srb");
        mac = personal(arena, prefix + "-mac");
        lionessFirst = personal(arena, prefix + "-lh1");
        lionessSecond = personal(arena, prefix + "-lh2");
        for (int i = 0; i < HopKeys.BLOCK_COUNT; i++) {
            salts[i] = arena.allocate(LENGTH, LENGTH);
            salts[i].set(JAVA_BYTE, 0, (byte) i);
        }
    }

    /** {@code number}, 0 to {@link HopKeys#BLOCK_COUNT} - 1, as a 16-byte little-endian salt. */
    MemorySegment salt(int number) {
        return salts[number];
    }

    private static MemorySegment personal(Arena arena, String domain) {
        final byte[] bytes = domain.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length != LENGTH) {
            throw new AssertionError("domain must be 16 bytes: " + domain);
        }
        return arena.allocate(LENGTH, LENGTH).copyFrom(MemorySegment.ofArray(bytes));
    }
}
