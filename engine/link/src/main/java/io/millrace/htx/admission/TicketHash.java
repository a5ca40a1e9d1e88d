package io.millrace.htx.admission;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.crypto.Randomness;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Hash under a secret, for tables of tickets. Everyone who has a ticket key can compute MACs at will, and could otherwise
 * choose tickets that fall on one place of a table.
 */
final class TicketHash {
    private static final int SECRETS = 4;

    private final long[] secrets = new long[SECRETS];

    /** Draws the secret. */
    TicketHash(Randomness randomness) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment drawn = arena.allocate(JAVA_LONG, SECRETS);
            randomness.fill(drawn);
            MemorySegment.copy(drawn, JAVA_LONG, 0, secrets, 0, SECRETS);
        }
    }

    /** A number for two, never 0. */
    long of(long high, long low) {
        final long mixed = fold(fold(high ^ secrets[0], low ^ secrets[1]) ^ low, secrets[2] | 1);
        return mixed == 0 ? 1 : mixed;
    }

    /** Further numbers for the same ticket. */
    long second(long ticket, int index) {
        return fold(ticket ^ secrets[3], secrets[index] | 1);
    }

    /** Both halves of the product in one. */
    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
