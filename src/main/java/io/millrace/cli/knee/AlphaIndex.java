package io.millrace.cli.knee;

/**
 * Finds a packet's number by the first 8 bytes of its alpha: how the generator knows a packet again that the relay has
 * changed from the first bit to the last. Only who wrapped the packet can make this table.
 *
 * <p>Open addressing over twice the entries; filled by one thread, then read only.
 */
final class AlphaIndex {
    private final long[] keys;
    private final int[] numbers;
    private final int mask;

    /** Room for {@code count} packets. */
    AlphaIndex(int count) {
        final int capacity = Integer.highestOneBit(Math.max(16, count) * 2 - 1) * 2;
        keys = new long[capacity];
        numbers = new int[capacity];
        mask = capacity - 1;
        java.util.Arrays.fill(numbers, Traffic.ABSENT);
    }

    /** Adds packet {@code number}; false if another one has the same key. */
    boolean add(long alpha, int number) {
        int at = slot(alpha);
        while (numbers[at] != Traffic.ABSENT) {
            if (keys[at] == alpha) {
                return false;
            }
            at = (at + 1) & mask;
        }
        keys[at] = alpha;
        numbers[at] = number;
        return true;
    }

    /** The packet's number, or {@link Traffic#ABSENT}. */
    int number(long alpha) {
        int at = slot(alpha);
        while (numbers[at] != Traffic.ABSENT && keys[at] != alpha) {
            at = (at + 1) & mask;
        }
        return numbers[at];
    }

    // An alpha is uniform but for what an attacker chose, and here nobody attacks.
    private int slot(long alpha) {
        return (int) (alpha ^ (alpha >>> 32)) & mask;
    }
}
