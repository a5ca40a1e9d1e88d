package io.millrace.sphinx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The personalisation strings and salts that keep the uses of BLAKE2b apart, off-heap.
 *
 * <p>Immutable; any thread may read it while the arena lives.
 *
 * <p>Source: RFC 7693 section 2.8 for the two fields.
 */
final class Domains {
    private static final int LENGTH = 16;

    /** Extract: shared secret to pseudo-random key. */
    final long kdf;
    /** Expand: pseudo-random key to output block; the block's number is the salt. */
    final long expand;
    /** Expand the payload key of a SURB; the block's number is the salt. */
    final long surb;
    /** Header MAC. */
    final long mac;
    /** First hash round of LIONESS encryption. */
    final long lionessFirst;
    /** Second hash round of LIONESS encryption. */
    final long lionessSecond;

    private final MemorySegment salts;

    Domains(Arena arena) {
        kdf = personal(arena, "millrace-mr1-kdf");
        expand = personal(arena, "millrace-mr1-exp");
        surb = personal(arena, "millrace-mr1-srb");
        mac = personal(arena, "millrace-mr1-mac");
        lionessFirst = personal(arena, "millrace-mr1-lh1");
        lionessSecond = personal(arena, "millrace-mr1-lh2");
        salts = arena.allocate((long) HopKeys.BLOCK_COUNT * LENGTH, LENGTH);
        for (int i = 0; i < HopKeys.BLOCK_COUNT; i++) {
            salts.set(JAVA_BYTE, (long) i * LENGTH, (byte) i);
        }
    }

    /** Address of {@code number} as a 16-byte little-endian salt. */
    long salt(int number) {
        assert number >= 0 && number < HopKeys.BLOCK_COUNT;
        return salts.address() + (long) number * LENGTH;
    }

    private static long personal(Arena arena, String domain) {
        final byte[] bytes = domain.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length != LENGTH) {
            throw new AssertionError("domain must be 16 bytes: " + domain);
        }
        return arena.allocate(LENGTH, LENGTH)
                .copyFrom(MemorySegment.ofArray(bytes))
                .address();
    }
}
