package io.millrace.link;

/**
 * Remembers which of the last counters of a datagram link were seen.
 *
 * <p>Counters are unsigned. The window is a ring of words; a jump ahead clears whole words instead of shifting bits.
 *
 * <p>Threading: one thread.
 *
 * <p>Source: RFC 6479, with 64-bit words.
 */
public final class ReplayWindow {
    /** How far a counter may lie behind the highest one seen, in frames. */
    public static final int WINDOW = 8_128;

    private static final int WORD_BITS = 64;
    private static final int WORDS = WINDOW / WORD_BITS + 1;
    private static final int WORD_SHIFT = 6;

    private final long[] words = new long[Integer.highestOneBit(WORDS - 1) << 1];
    private final int mask = words.length - 1;

    /** Counters below this are refused, whatever was seen. */
    private final long floor;

    /** Highest counter seen plus one; no counter was seen if it equals the floor. */
    private long next;

    /**
     * Creates a window that has seen nothing and refuses counters below {@code floor}, unsigned.
     *
     * @param floor least counter that is accepted, unsigned.
     */
    public ReplayWindow(long floor) {
        this.floor = floor;
        this.next = floor;
    }

    /**
     * Whether {@code counter} would be accepted now; remembers nothing.
     *
     * @param counter of a frame, unsigned.
     */
    public boolean check(long counter) {
        if (Long.compareUnsigned(counter, next) >= 0) {
            return true;
        }
        if (Long.compareUnsigned(counter, floor) < 0 || Long.compareUnsigned(next - counter, WINDOW) > 0) {
            return false;
        }
        return (words[(int) (counter >>> WORD_SHIFT) & mask] & 1L << counter) == 0;
    }

    /**
     * Accepts an authentic frame's counter once.
     *
     * @param counter unsigned, below 2^64 - 1.
     * @return false if it was seen before or is too old.
     */
    public boolean accept(long counter) {
        if (!check(counter)) {
            return false;
        }
        if (Long.compareUnsigned(counter, next) >= 0) {
            final long from = next == 0 ? -1 : (next - 1) >>> WORD_SHIFT;
            final long to = counter >>> WORD_SHIFT;
            final long cleared = Math.min(to - from, words.length);
            for (long word = to - cleared + 1; word <= to; word++) {
                words[(int) word & mask] = 0;
            }
            next = counter + 1;
        }
        words[(int) (counter >>> WORD_SHIFT) & mask] |= 1L << counter;
        return true;
    }
}
