package io.millrace.sphinx;

/**
 * SipHash-1-3 of a replay tag: decides where in the table a tag lives.
 *
 * <p>A sender chooses its tags, by trying shared secrets until it likes one. Without the key it cannot find tags that
 * share a place, and so cannot build a long chain that every other packet's lookup then walks.
 *
 * <p>Immutable.
 *
 * <p>Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", with 1 compression and 3 finalisation rounds, as
 * the hash tables of Rust and Python use it. The message is always 16 bytes: the two words, little endian.
 */
final class ReplaySetHash {
    /** Last block of a 16-byte message: its length in the top byte, no bytes left over. */
    private static final long LENGTH_BLOCK = 16L << 56;

    private final long k0;
    private final long k1;

    /** Takes the 128-bit secret key. */
    ReplaySetHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** Hashes the tag of the two little-endian words {@code low} (bytes 0 to 7) and {@code high}. */
    long hash(long low, long high) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;

        // Unrolled, because a round has four results. A compression round per block, then three more.
        for (int round = 0; round < 6; round++) {
            final long block = round == 0 ? low : round == 1 ? high : round == 2 ? LENGTH_BLOCK : 0;
            if (round == 3) {
                v2 ^= 0xff;
            }
            v3 ^= block;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= block;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
