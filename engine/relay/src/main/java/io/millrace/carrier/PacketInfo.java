package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.millrace.natives.LinuxSocket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Control messages that name the local address of a datagram: where one arrived, or from which one is to leave.
 *
 * <pre>
 *  IP_PKTINFO, on an IPv4 socket                  IPV6_PKTINFO, on an IPv6 socket
 *  offset  length  field                          offset  length  field
 *       0       8  length, 28                          0       8  length, 36
 *       8       4  level                               8       4  level
 *      12       4  type                               12       4  type
 *      16       4  interface                          16      16  address, IPv4 in its mapped form
 *      20       4  local address                      32       4  interface (4 unused)
 *      24       4  destination (4 unused)
 * </pre>
 *
 * <p>The local address of a datagram to many receivers is, with IPv4, one of the interface at which it arrived.
 *
 * <p>Source: ip(7), ipv6(7), RFC 3542 section 6, cmsg(3), on 64-bit Linux.
 */
final class PacketInfo {
    /** Room for either in bytes. */
    static final int ROOM_LENGTH = 40;

    private static final int LEVEL_OFFSET = 8;
    private static final int TYPE_OFFSET = 12;
    private static final int IPV4_INTERFACE_OFFSET = 16;
    private static final int IPV4_OFFSET = 20;
    private static final long IPV4_USED_LENGTH = 28;
    private static final int IPV4_LENGTH = 32;
    private static final int IPV6_OFFSET = 16;
    private static final int IPV6_INTERFACE_OFFSET = 32;
    private static final long IPV6_USED_LENGTH = 36;
    private static final long MAPPED_PREFIX = 0xffffL << 32;
    private static final ValueLayout.OfInt BE_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private PacketInfo() {}

    /** Length in bytes that a control message of a socket of {@code family} takes up. */
    static int length(int family) {
        return family == LinuxSocket.AF_INET ? IPV4_LENGTH : ROOM_LENGTH;
    }

    /**
     * Looks for such a message among the control messages of a socket of {@code family}.
     *
     * @return its position, or {@link ControlMessages#ABSENT}.
     */
    static long find(MemorySegment memory, long at, long length, int family) {
        final boolean ipv4 = family == LinuxSocket.AF_INET;
        final long content = (ipv4 ? IPV4_USED_LENGTH : IPV6_USED_LENGTH) - IPV4_INTERFACE_OFFSET;
        return ControlMessages.find(memory, at, length, level(ipv4), type(ipv4), (int) content);
    }

    /** First 8 bytes of the local address, IPv4 in its mapped form. */
    static long high(MemorySegment memory, long at, int family) {
        return family == LinuxSocket.AF_INET ? 0 : memory.get(BE_LONG, at + IPV6_OFFSET);
    }

    /** Last 8 bytes of the local address, IPv4 in its mapped form. */
    static long low(MemorySegment memory, long at, int family) {
        return family == LinuxSocket.AF_INET
                ? MAPPED_PREFIX | Integer.toUnsignedLong(memory.get(BE_INT, at + IPV4_OFFSET))
                : memory.get(BE_LONG, at + IPV6_OFFSET + Long.BYTES);
    }

    /** Index of the interface at which the datagram arrived. */
    static int interfaceIndex(MemorySegment memory, long at, int family) {
        return memory.get(
                JAVA_INT, at + (family == LinuxSocket.AF_INET ? IPV4_INTERFACE_OFFSET : IPV6_INTERFACE_OFFSET));
    }

    /**
     * Writes a control message that has a datagram leave from an address.
     *
     * @param interfaceIndex of the interface by which it leaves; 0 lets the routes decide.
     */
    static void write(MemorySegment memory, long at, int family, long high, long low, int interfaceIndex) {
        final boolean ipv4 = family == LinuxSocket.AF_INET;
        memory.asSlice(at, ROOM_LENGTH).fill((byte) 0);
        memory.set(JAVA_LONG, at, ipv4 ? IPV4_USED_LENGTH : IPV6_USED_LENGTH);
        memory.set(JAVA_INT, at + LEVEL_OFFSET, level(ipv4));
        memory.set(JAVA_INT, at + TYPE_OFFSET, type(ipv4));
        if (ipv4) {
            memory.set(JAVA_INT, at + IPV4_INTERFACE_OFFSET, interfaceIndex);
            memory.set(BE_INT, at + IPV4_OFFSET, (int) low);
        } else {
            memory.set(BE_LONG, at + IPV6_OFFSET, high);
            memory.set(BE_LONG, at + IPV6_OFFSET + Long.BYTES, low);
            memory.set(JAVA_INT, at + IPV6_INTERFACE_OFFSET, interfaceIndex);
        }
    }

    private static int level(boolean ipv4) {
        return ipv4 ? LinuxSocket.IPPROTO_IP : LinuxSocket.IPPROTO_IPV6;
    }

    private static int type(boolean ipv4) {
        return ipv4 ? LinuxSocket.IP_PKTINFO : LinuxSocket.IPV6_PKTINFO;
    }
}
