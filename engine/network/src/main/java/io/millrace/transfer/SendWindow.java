package io.millrace.transfer;

import java.util.BitSet;

/** The sender's notes on each chunk between the first that is not acknowledged and the last that was sent. */
final class SendWindow {
    private static final int SIZE = TransferMessage.WINDOW;
    private static final int MASK = SIZE - 1;
    private static final byte IN_FLIGHT = 1;
    private static final byte LOST = 2;
    private static final byte ACKNOWLEDGED = 3;

    private final int chunkCount;
    private final byte[] states = new byte[SIZE];
    private final long[] sentNs = new long[SIZE];
    private int base;
    private int next;
    private int inFlight;
    private int lost;
    private long oldestSentNs;

    SendWindow(int chunkCount) {
        this.chunkCount = chunkCount;
    }

    /** Every chunk below is acknowledged. */
    int base() {
        return base;
    }

    int inFlight() {
        return inFlight;
    }

    /** Number of chunks that were acknowledged, those beyond a gap included. */
    int acknowledged() {
        return next - inFlight - lost;
    }

    boolean complete() {
        return base == chunkCount;
    }

    /** The chunk to send next, a lost one first; negative if there is none that the receiver would take. */
    int candidate() {
        if (lost > 0) {
            for (int index = base; index < next; index++) {
                if (states[index & MASK] == LOST) {
                    return index;
                }
            }
            throw new AssertionError("no lost chunk found: lost=" + lost);
        }
        return next < chunkCount && next - base < SIZE ? next : -1;
    }

    /** Notes that {@link #candidate} leaves; true if it left before. */
    boolean sent(int index, long now) {
        final boolean again = index < next;
        if (again) {
            lost--;
        } else {
            next++;
        }
        if (inFlight == 0) {
            oldestSentNs = now;
        }
        inFlight++;
        states[index & MASK] = IN_FLIGHT;
        sentNs[index & MASK] = now;
        return again;
    }

    /** Takes an acknowledgement; returns how many chunks it acknowledged that were not before. */
    int acknowledge(int cumulative, BitSet selective) {
        int fresh = 0;
        for (int index = base; index < Math.min(cumulative, next); index++) {
            fresh += acknowledge(index);
        }
        for (int bit = selective.nextSetBit(0); bit >= 0; bit = selective.nextSetBit(bit + 1)) {
            final long index = (long) cumulative + bit;
            if (index >= base && index < next) {
                fresh += acknowledge((int) index);
            }
        }
        while (base < next && states[base & MASK] == ACKNOWLEDGED) {
            base++;
        }
        return fresh;
    }

    /** When the oldest chunk on the way may have been sent, at the earliest; means nothing if none is on the way. */
    long oldestSentNs() {
        return oldestSentNs;
    }

    /**
     * Gives up waiting for chunks that were sent {@code timeoutNs} ago or earlier.
     *
     * @param lastLostNs receives, if any were lost, when the last of them was sent; at index 0.
     * @return how many were lost.
     */
    int expire(long now, long timeoutNs, long[] lastLostNs) {
        if (inFlight == 0 || now - oldestSentNs < timeoutNs) {
            return 0;
        }
        int expired = 0;
        long oldestAgeNs = 0;
        long leastExpiredAgeNs = Long.MAX_VALUE;
        for (int index = base; index < next; index++) {
            final int at = index & MASK;
            if (states[at] == IN_FLIGHT) {
                final long ageNs = now - sentNs[at];
                if (ageNs >= timeoutNs) {
                    states[at] = LOST;
                    expired++;
                    leastExpiredAgeNs = Math.min(leastExpiredAgeNs, ageNs);
                } else {
                    oldestAgeNs = Math.max(oldestAgeNs, ageNs);
                }
            }
        }
        inFlight -= expired;
        lost += expired;
        oldestSentNs = now - oldestAgeNs;
        lastLostNs[0] = now - leastExpiredAgeNs;
        return expired;
    }

    private int acknowledge(int index) {
        final int at = index & MASK;
        switch (states[at]) {
            case IN_FLIGHT -> inFlight--;
            case LOST -> lost--;
            default -> {
                return 0;
            }
        }
        states[at] = ACKNOWLEDGED;
        return 1;
    }
}
