package io.millrace.rig.knee;

import io.millrace.rig.bed.AlphaIndex;
import java.lang.foreign.MemorySegment;

/** Distinct packets that the generator sends, and the marks by which it knows them when they come back. Read only. */
interface Traffic {
    /** No packet of ours. */
    int ABSENT = AlphaIndex.ABSENT;

    /** Number of packets. */
    int count();

    /** Writes packet {@code number} to {@code position} in {@code target}. */
    void copyTo(int number, MemorySegment target, long position);

    /** Index of the neighbour that sends packet {@code number}. */
    int sender(int number);

    /** Number of the relay's key epoch for which packet {@code number} is wrapped. */
    int epoch(int number);

    /**
     * The number of a packet that came back, or {@link #ABSENT}.
     *
     * @param first 8 bytes of it: of its alpha, where it is a Sphinx packet.
     */
    int number(long first);
}
