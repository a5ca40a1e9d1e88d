package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.natives.LinuxSocket;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * Socket addresses as Linux lays them out in memory.
 *
 * <pre>
 *  sockaddr_in                          sockaddr_in6
 *  offset  length  field                offset  length  field
 *       0       2  family, host order        0       2  family, host order
 *       2       2  port, big endian          2       2  port, big endian
 *       4       4  address                   4       4  flow
 *       8       8  zero                      8      16  address
 *                                           24       4  scope, host order
 * </pre>
 *
 * <p>Source: ip(7), ipv6(7).
 */
final class SocketAddresses {
    /** Room for either in bytes, aligned. */
    static final int ROOM_LENGTH = 32;

    private static final int PORT_OFFSET = 2;
    private static final int IPV4_OFFSET = 4;
    private static final int IPV4_LENGTH = 16;
    private static final int IPV6_OFFSET = 8;
    private static final int SCOPE_OFFSET = 24;
    private static final int IPV6_LENGTH = 28;
    private static final ValueLayout.OfShort BE_SHORT = JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt BE_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong BE_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final long MAPPED_PREFIX = 0xffffL << 32;

    private SocketAddresses() {}

    /** Length in bytes of an address of {@code family}. */
    static int length(int family) {
        return family == LinuxSocket.AF_INET ? IPV4_LENGTH : IPV6_LENGTH;
    }

    /** Writes {@code address} as one of {@code family}; on an IPv6 socket an IPv4 address takes its mapped form. */
    static void write(MemorySegment target, long at, int family, InetSocketAddress address) {
        target.asSlice(at, ROOM_LENGTH).fill((byte) 0);
        target.set(JAVA_SHORT, at, (short) family);
        target.set(BE_SHORT, at + PORT_OFFSET, (short) address.getPort());
        final byte[] mapped = PeerTable.mapped(address.getAddress());
        if (family == LinuxSocket.AF_INET) {
            MemorySegment.copy(mapped, 12, target, JAVA_BYTE, at + IPV4_OFFSET, 4);
        } else {
            MemorySegment.copy(mapped, 0, target, JAVA_BYTE, at + IPV6_OFFSET, 16);
            if (address.getAddress() instanceof Inet6Address ipv6) {
                target.set(JAVA_INT, at + SCOPE_OFFSET, ipv6.getScopeId());
            }
        }
    }

    /** Reads the address at {@code at}. */
    static InetSocketAddress read(MemorySegment source, long at) throws UnknownHostException {
        final boolean ipv4 = source.get(JAVA_SHORT, at) == LinuxSocket.AF_INET;
        final byte[] bytes = new byte[ipv4 ? 4 : 16];
        MemorySegment.copy(source, JAVA_BYTE, at + (ipv4 ? IPV4_OFFSET : IPV6_OFFSET), bytes, 0, bytes.length);
        return new InetSocketAddress(InetAddress.getByAddress(bytes), port(source, at));
    }

    /** Looks up the peer whose address is at {@code at}. */
    static int peer(PeerTable peers, MemorySegment source, long at) {
        if (source.get(JAVA_SHORT, at) == LinuxSocket.AF_INET) {
            final int ipv4 = source.get(BE_INT, at + IPV4_OFFSET);
            return peers.find(0, MAPPED_PREFIX | Integer.toUnsignedLong(ipv4), port(source, at));
        }
        return peers.find(
                source.get(BE_LONG, at + IPV6_OFFSET), source.get(BE_LONG, at + IPV6_OFFSET + 8), port(source, at));
    }

    /** {@code address} as people write it, such as {@code 127.0.0.1:7000}; with the host's name if it is not resolved. */
    static String text(InetSocketAddress address) {
        final String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static int port(MemorySegment source, long at) {
        return Short.toUnsignedInt(source.get(BE_SHORT, at + PORT_OFFSET));
    }
}
