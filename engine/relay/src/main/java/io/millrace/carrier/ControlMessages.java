package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.natives.LinuxSocket;
import java.lang.foreign.MemorySegment;

/**
 * The control messages that came with a datagram, one after the other, each at a multiple of eight bytes:
 *
 * <pre>
 *  offset  length  field
 *       0       8  length, of this head too
 *       8       4  level
 *      12       4  type
 *      16          content
 * </pre>
 *
 * <p>Source: cmsg(3), on 64-bit Linux.
 */
final class ControlMessages {
    /** Room for the messages that a socket is asked to give, in bytes: a segment length (24) and a {@link PacketInfo}. */
    static final int ROOM_LENGTH = 24 + PacketInfo.ROOM_LENGTH;

    /** What {@link #find} gives if there is no such message. */
    static final long ABSENT = -1;

    private static final int LEVEL_OFFSET = 8;
    private static final int TYPE_OFFSET = 12;
    private static final int HEAD_LENGTH = 16;

    private ControlMessages() {}

    /**
     * Looks for a message.
     *
     * @param memory that holds them.
     * @param at position of the first, a multiple of 8.
     * @param length of all in bytes.
     * @param level as a socket option's.
     * @param type as a socket option's.
     * @param content bytes that it must have, without the head.
     * @return its position, or {@link #ABSENT}.
     */
    static long find(MemorySegment memory, long at, long length, int level, int type, int content) {
        final long end = at + length;
        long position = at;
        while (end - position >= HEAD_LENGTH) {
            final long used = memory.get(JAVA_LONG, position);
            if (used < HEAD_LENGTH || used > end - position) {
                return ABSENT;
            }
            if (memory.get(JAVA_INT, position + LEVEL_OFFSET) == level
                    && memory.get(JAVA_INT, position + TYPE_OFFSET) == type) {
                return used >= HEAD_LENGTH + content ? position : ABSENT;
            }
            position += used + Long.BYTES - 1 & -Long.BYTES;
        }
        return ABSENT;
    }

    /**
     * Length of each of the datagrams that came as one.
     *
     * @param memory that holds the messages.
     * @param at position of the first, a multiple of 8.
     * @param length of all messages in bytes.
     * @param datagramLength bytes that came.
     * @return 1 or more, the last one may be shorter; {@code datagramLength} if one came.
     */
    static int segmentLength(MemorySegment memory, long at, long length, int datagramLength) {
        final long found = find(memory, at, length, LinuxSocket.SOL_UDP, LinuxSocket.UDP_GRO, Integer.BYTES);
        final int segment = found == ABSENT ? 0 : memory.get(JAVA_INT, found + HEAD_LENGTH);
        return segment > 0 && segment < datagramLength ? segment : datagramLength;
    }
}
