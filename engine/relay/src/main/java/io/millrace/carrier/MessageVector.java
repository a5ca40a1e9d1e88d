package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.natives.LinuxSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The arrays that recvmmsg and sendmmsg take: one message header per message, and one part per frame.
 *
 * <pre>
 *  mmsghdr                                     iovec                        control of sending
 *  offset  length  field                       offset  length  field        offset  length  field
 *       0       8  name                             0       8  address           0       8  length, 18
 *       8       4  name length (4 unused)           8       8  length            8       4  level
 *      16       8  parts                                                        12       4  type
 *      24       8  part count                                                   16       2  segment length (6 unused)
 *      32       8  control                                                      24      40  a PacketInfo
 *      40       8  control length
 *      48       4  flags (4 unused)
 *      56       4  datagram length (4 unused)
 * </pre>
 *
 * <p>A message to send has the part of the control that it needs: the segment length, the source, both or none.
 *
 * <p>Source: recvmmsg(2), recvmsg(2), cmsg(3), on 64-bit Linux.
 */
final class MessageVector {
    private static final int MESSAGE_LENGTH = LinuxSocket.MESSAGE_LENGTH;
    private static final int NAME_OFFSET = 0;
    private static final int NAME_LENGTH_OFFSET = 8;
    private static final int PARTS_OFFSET = 16;
    private static final int PART_COUNT_OFFSET = 24;
    private static final int CONTROL_OFFSET = 32;
    private static final int CONTROL_LENGTH_OFFSET = 40;
    private static final int DATAGRAM_LENGTH_OFFSET = 56;
    private static final int PART_LENGTH = 16;
    private static final int SEGMENT_LENGTH = 24;
    private static final long SEGMENT_USED_LENGTH = 18;
    private static final int CONTROL_LENGTH = SEGMENT_LENGTH + PacketInfo.ROOM_LENGTH;

    private final MemorySegment messages;
    private final MemorySegment parts;
    private final MemorySegment control;
    private final int family;
    private boolean hasSource;
    private long sourceHigh;
    private long sourceLow;
    private int sourceInterface;

    /** Allocates messages and parts, for a socket of that address family. */
    MessageVector(Arena arena, int messageCount, int partCount, int family) {
        this.family = family;
        this.messages = arena.allocate((long) messageCount * MESSAGE_LENGTH, 64);
        this.parts = arena.allocate((long) partCount * PART_LENGTH, 64);
        this.control = arena.allocate(CONTROL_LENGTH, 8);
        control.set(JAVA_LONG, 0, SEGMENT_USED_LENGTH);
        control.set(JAVA_INT, 8, LinuxSocket.SOL_UDP);
        control.set(JAVA_INT, 12, LinuxSocket.UDP_SEGMENT);
    }

    /** Points part {@code index} at {@code length} bytes. */
    void part(int index, long address, long length) {
        parts.set(JAVA_LONG, (long) index * PART_LENGTH, address);
        parts.set(JAVA_LONG, (long) index * PART_LENGTH + 8, length);
    }

    /** Has the messages that are made from now on leave from that address, as {@link PacketInfo#write} takes it. */
    void source(long high, long low, int interfaceIndex) {
        if (!isFrom(high, low, interfaceIndex)) {
            PacketInfo.write(control, SEGMENT_LENGTH, family, high, low, interfaceIndex);
            sourceHigh = high;
            sourceLow = low;
            sourceInterface = interfaceIndex;
        }
        hasSource = true;
    }

    /** Has the messages that are made from now on leave from an address that the system picks. */
    void noSource() {
        hasSource = false;
    }

    /** Whether that is the address that was given last. */
    boolean isFrom(long high, long low, int interfaceIndex) {
        return high == sourceHigh && low == sourceLow && interfaceIndex == sourceInterface;
    }

    /** Whether the messages leave from an address that was given. */
    boolean hasSource() {
        return hasSource;
    }

    /** Makes message {@code index} of the parts from {@code firstPart} on. */
    void message(int index, long name, int nameLength, int firstPart, int partCount) {
        final long at = (long) index * MESSAGE_LENGTH;
        messages.set(JAVA_LONG, at + NAME_OFFSET, name);
        messages.set(JAVA_INT, at + NAME_LENGTH_OFFSET, nameLength);
        messages.set(JAVA_LONG, at + PARTS_OFFSET, parts.address() + (long) firstPart * PART_LENGTH);
        messages.set(JAVA_LONG, at + PART_COUNT_OFFSET, partCount);
        messages.set(JAVA_LONG, at + CONTROL_OFFSET, hasSource ? control.address() + SEGMENT_LENGTH : 0);
        messages.set(JAVA_LONG, at + CONTROL_LENGTH_OFFSET, hasSource ? PacketInfo.length(family) : 0);
    }

    /** Has the kernel cut message {@code index} into datagrams of {@code segmentLength} bytes, the same for all. */
    void segmented(int index, int segmentLength) {
        final long at = (long) index * MESSAGE_LENGTH;
        control.set(JAVA_SHORT, 16, (short) segmentLength);
        messages.set(JAVA_LONG, at + CONTROL_OFFSET, control.address());
        messages.set(
                JAVA_LONG, at + CONTROL_LENGTH_OFFSET, SEGMENT_LENGTH + (hasSource ? PacketInfo.length(family) : 0));
    }

    /** Gives message {@code index} room for control messages; before each call, as receiving overwrites its length. */
    void controlRoom(int index, long address, long length) {
        final long at = (long) index * MESSAGE_LENGTH;
        messages.set(JAVA_LONG, at + CONTROL_OFFSET, address);
        messages.set(JAVA_LONG, at + CONTROL_LENGTH_OFFSET, length);
    }

    /** Length in bytes of the control messages that were received with message {@code index}; 0 if none was. */
    long controlLength(int index) {
        return messages.get(JAVA_LONG, (long) index * MESSAGE_LENGTH + CONTROL_LENGTH_OFFSET);
    }

    /** Resets the length of message {@code index}'s name, which receiving overwrites. */
    void nameLength(int index, int nameLength) {
        messages.set(JAVA_INT, (long) index * MESSAGE_LENGTH + NAME_LENGTH_OFFSET, nameLength);
    }

    /** Parts of message {@code index}. */
    int partCount(int index) {
        return (int) messages.get(JAVA_LONG, (long) index * MESSAGE_LENGTH + PART_COUNT_OFFSET);
    }

    /** Length in bytes of the datagram that was received into message {@code index}. */
    int datagramLength(int index) {
        return messages.get(JAVA_INT, (long) index * MESSAGE_LENGTH + DATAGRAM_LENGTH_OFFSET);
    }

    /** The messages; their targets, except payloads, lie in the same arena. */
    MemorySegment messages() {
        return messages;
    }
}
