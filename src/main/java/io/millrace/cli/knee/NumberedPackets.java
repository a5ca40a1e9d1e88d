package io.millrace.cli.knee;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * As long as Sphinx packets, but nothing but a number: for the forwarder, which does not look into frames. They need neither
 * time to prepare nor memory.
 *
 * @param count of them.
 */
record NumberedPackets(int count) implements Traffic {
    @Override
    public void copyTo(int number, MemorySegment target, long position) {
        target.set(JAVA_LONG_UNALIGNED, position, number);
    }

    @Override
    public int number(long first) {
        return first >= 0 && first < count ? (int) first : ABSENT;
    }
}
