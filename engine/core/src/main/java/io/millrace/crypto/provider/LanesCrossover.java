package io.millrace.crypto.provider;

import io.millrace.natives.LanesLevel;

/**
 * From how many inputs on a vector is faster than as many calls of libsodium, for each primitive: 1 to {@link #NEVER}.
 *
 * @param x25519 of variable base.
 * @param x25519Base of the base point, for which libsodium has tables.
 * @param blake2b of any length.
 * @param sha512 of any length.
 * @param aead of sealing and opening, of texts of {@link #SHORT_TEXT} bytes and more.
 * @param shortAead the same of shorter texts, for which the fixed cost of a vector counts.
 */
record LanesCrossover(int x25519, int x25519Base, int blake2b, int sha512, int aead, int shortAead) {
    /** Most inputs of one vector. */
    static final int WIDTH = 8;

    /** Texts of the AEAD that have fewer bytes are short. */
    static final int SHORT_TEXT = 256;

    /** Not even a full vector pays. */
    static final int NEVER = WIDTH + 1;

    /** Vectors for everything. */
    static final LanesCrossover ALWAYS = new LanesCrossover(1, 1, 1, 1, 1, 1);

    LanesCrossover {
        final boolean hashes = valid(blake2b) && valid(sha512);
        if (!valid(x25519) || !valid(x25519Base) || !hashes || !valid(aead) || !valid(shortAead)) {
            throw new IllegalArgumentException("crossovers must be 1 to " + NEVER + ": x25519=" + x25519
                    + ", x25519Base=" + x25519Base + ", blake2b=" + blake2b + ", sha512=" + sha512 + ", aead=" + aead
                    + ", shortAead=" + shortAead);
        }
    }

    /** The same for a level: never where it has no kernel. */
    LanesCrossover at(LanesLevel level) {
        return level == LanesLevel.IFMA
                ? this
                : new LanesCrossover(x25519, x25519Base, blake2b, NEVER, aead, shortAead);
    }

    /** The crossover of sealing and opening texts of that many bytes. */
    int aead(int length) {
        return length < SHORT_TEXT ? shortAead : aead;
    }

    /**
     * How many of {@code count} inputs go into vectors of {@code width}; the others come after them, fewer than
     * {@code crossover}.
     */
    static int inVectors(int count, int crossover, int width) {
        if (crossover > width) {
            return 0;
        }
        final int rest = count % width;
        return rest < crossover ? count - rest : count;
    }

    /**
     * The crossover of a vector that takes {@code vectorNs} with one lane filled, where libsodium takes
     * {@code singleNs} for one input.
     */
    static int between(long vectorNs, long singleNs) {
        return Math.clamp(Math.ceilDiv(Math.max(1, vectorNs), Math.max(1, singleNs)), 1, NEVER);
    }

    private static boolean valid(int crossover) {
        return crossover >= 1 && crossover <= NEVER;
    }
}
