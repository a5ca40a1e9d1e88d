package io.millrace.relay;

/**
 * Which key epoch a packet belongs to: the one before the switch for packets that were in the ring already, the one
 * after it for later ones. Immutable; every thread decides by the ring's sequence alone, so no thread waits for another.
 *
 * @param before null if there was no epoch before.
 * @param after the running epoch.
 * @param lastBefore ring sequence of the last packet of {@code before}.
 */
record EpochSwitch(KeyEpoch before, KeyEpoch after, long lastBefore) {
    /** The epoch under which the packet at {@code sequence} is peeled. */
    KeyEpoch at(long sequence) {
        return sequence > lastBefore || before == null ? after : before;
    }

    /** The epoch whose number has these low 32 bits, or null if it is over. */
    KeyEpoch numbered(int number) {
        if ((int) after.number() == number) {
            return after;
        }
        return before != null && (int) before.number() == number ? before : null;
    }
}
