package io.millrace.rig.knee;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * As long as Sphinx packets, but nothing but a number: for the forwarder, which does not look into frames. They need neither
 * time to prepare nor memory.
 *
 * @param count of them.
 * @param senders neighbours that send, in turn.
 */
record NumberedPackets(int count, int senders) implements Traffic {
    @Override
    public void copyTo(int number, MemorySegment target, long position) {
        target.set(JAVA_LONG_UNALIGNED, position, number);
    }

    @Override
    public int sender(int number) {
        return number % senders;
    }

    @Override
    public int epoch(int number) {
        return 0;
    }

    @Override
    public int number(long first) {
        return first >= 0 && first < count ? (int) first : ABSENT;
    }
}
