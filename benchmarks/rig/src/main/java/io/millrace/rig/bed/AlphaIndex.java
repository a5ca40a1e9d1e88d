package io.millrace.rig.bed;

/**
 * Finds a packet's number by the first 8 bytes of its alpha: how the generator knows a packet again that the relay has
 * changed from the first bit to the last. Only who wrapped the packet can make this table.
 *
 * <p>Open addressing over twice the entries; filled by one thread, then read only.
 */
public final class AlphaIndex {
    /** No packet of ours. */
    public static final int ABSENT = -1;

    private final long[] keys;
    private final int[] numbers;
    private final int mask;

    /**
     * An empty table.
     *
     * @param count packets that it has room for, 1 or more.
     */
    public AlphaIndex(int count) {
        final int capacity = Integer.highestOneBit(Math.max(16, count) * 2 - 1) * 2;
        keys = new long[capacity];
        numbers = new int[capacity];
        mask = capacity - 1;
        java.util.Arrays.fill(numbers, ABSENT);
    }

    /**
     * Adds a packet.
     *
     * @param alpha first 8 bytes of its alpha.
     * @param number of the packet, 0 or more.
     * @return false if another one has the same key.
     */
    public boolean add(long alpha, int number) {
        int at = slot(alpha);
        while (numbers[at] != ABSENT) {
            if (keys[at] == alpha) {
                return false;
            }
            at = (at + 1) & mask;
        }
        keys[at] = alpha;
        numbers[at] = number;
        return true;
    }

    /**
     * Finds a packet.
     *
     * @param alpha first 8 bytes of its alpha.
     * @return its number, or {@link #ABSENT}.
     */
    public int number(long alpha) {
        int at = slot(alpha);
        while (numbers[at] != ABSENT && keys[at] != alpha) {
            at = (at + 1) & mask;
        }
        return numbers[at];
    }

    // An alpha is uniform unless an attacker chose it, and here is no attacker.
    private int slot(long alpha) {
        return (int) (alpha ^ (alpha >>> 32)) & mask;
    }
}
