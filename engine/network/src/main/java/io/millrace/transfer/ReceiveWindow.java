package io.millrace.transfer;

import java.util.BitSet;

/** Which chunks have arrived: all below a cumulative index, and a bitmap of those beyond. */
final class ReceiveWindow {
    private static final int SIZE = TransferMessage.WINDOW;
    private static final int WORDS = SIZE / Long.SIZE;

    private final long[] arrived = new long[WORDS]; // a ring over index modulo SIZE
    private int cumulative;

    /** Every chunk below has been taken in order. */
    int cumulative() {
        return cumulative;
    }

    boolean has(int index) {
        return index < cumulative || (inReach(index) && bit(index));
    }

    /** Whether there is room to note {@code index}. */
    boolean inReach(int index) {
        return index >= cumulative && index - cumulative < SIZE;
    }

    /** Notes a chunk in reach. */
    void add(int index) {
        arrived[word(index)] |= 1L << index;
    }

    /** Whether the chunk at {@link #cumulative} has arrived. */
    boolean nextArrived() {
        return bit(cumulative);
    }

    /** Takes the chunk at {@link #cumulative}, which has arrived. */
    void advance() {
        arrived[word(cumulative)] &= ~(1L << cumulative);
        cumulative++;
    }

    /** The bitmap of an acknowledgement: bit 0 is the chunk at {@link #cumulative}. */
    BitSet selective() {
        final long[] selective = new long[WORDS];
        final int shift = cumulative & (Long.SIZE - 1);
        final int first = word(cumulative);
        for (int i = 0; i < WORDS; i++) {
            final long low = arrived[(first + i) % WORDS] >>> shift;
            final long high = shift == 0 ? 0 : arrived[(first + i + 1) % WORDS] << (Long.SIZE - shift);
            selective[i] = low | high;
        }
        return BitSet.valueOf(selective);
    }

    private boolean bit(int index) {
        return (arrived[word(index)] & 1L << index) != 0;
    }

    private static int word(int index) {
        return (index & (SIZE - 1)) / Long.SIZE;
    }
}
