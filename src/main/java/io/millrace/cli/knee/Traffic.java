package io.millrace.cli.knee;

import java.lang.foreign.MemorySegment;

/** Distinct packets that the generator sends, and by what it knows them when they come back. Read only. */
interface Traffic {
    /** No packet of ours. */
    int ABSENT = -1;

    /** Notes the key epoch of the subject in which the packets are sent from now on. */
    default void epoch(long number) {}

    /** Number of packets. */
    int count();

    /** Writes packet {@code number} to {@code position} in {@code target}. */
    void copyTo(int number, MemorySegment target, long position);

    /**
     * The number of a packet that came back, or {@link #ABSENT}.
     *
     * @param first 8 bytes of it: of its alpha, where it is a Sphinx packet.
     */
    int number(long first);
}
