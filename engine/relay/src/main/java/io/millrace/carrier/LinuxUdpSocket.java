package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.natives.LinuxSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;

/**
 * A bound UDP socket of Linux that never blocks. One of IPv6 takes IPv4 too; one that is bound to the wildcard address gives
 * each datagram with a {@link PacketInfo}.
 *
 * @param fd descriptor, the owner's to close.
 * @param localAddress with the port that was chosen.
 * @param coalescing whether several datagrams may come as one: Linux 5.0 and newer.
 * @param segmenting whether the system cuts a message into datagrams: Linux 4.18 and newer. An older one would send it as it is.
 */
record LinuxUdpSocket(int fd, InetSocketAddress localAddress, boolean coalescing, boolean segmenting) {
    /**
     * Opens and binds a socket.
     *
     * @param errnoState of the calling thread.
     * @param family of its addresses.
     * @param offload whether the socket uses what the system offers of the two; false as on a system with neither.
     * @throws IOException with the system's words if it cannot be had.
     */
    static LinuxUdpSocket open(MemorySegment errnoState, int family, InetSocketAddress local, boolean offload)
            throws IOException {
        final int fd = require(LinuxSocket.socket(errnoState, family, LinuxSocket.SOCK_DGRAM_NONBLOCK_CLOEXEC, 0));
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment value = scratch.allocate(JAVA_INT);
            option(
                    errnoState,
                    fd,
                    LinuxSocket.SOL_SOCKET,
                    LinuxSocket.SO_RCVBUF,
                    UdpCarrier.SOCKET_BUFFER_LENGTH,
                    value);
            option(
                    errnoState,
                    fd,
                    LinuxSocket.SOL_SOCKET,
                    LinuxSocket.SO_SNDBUF,
                    UdpCarrier.SOCKET_BUFFER_LENGTH,
                    value);
            final boolean ipv4 = family == LinuxSocket.AF_INET;
            if (!ipv4) {
                option(errnoState, fd, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_V6ONLY, 0, value);
            }
            if (local.getAddress().isAnyLocalAddress()) {
                final int level = ipv4 ? LinuxSocket.IPPROTO_IP : LinuxSocket.IPPROTO_IPV6;
                option(errnoState, fd, level, ipv4 ? LinuxSocket.IP_PKTINFO : LinuxSocket.IPV6_RECVPKTINFO, 1, value);
            }
            final MemorySegment name = scratch.allocate(SocketAddresses.ROOM_LENGTH, 8);
            SocketAddresses.write(name, 0, family, local);
            require(LinuxSocket.bind(errnoState, fd, name, SocketAddresses.length(family)));
            value.set(JAVA_INT, 0, SocketAddresses.ROOM_LENGTH);
            require(LinuxSocket.getsockname(errnoState, fd, name, value));
            final boolean coalescing = offload && offers(errnoState, fd, LinuxSocket.UDP_GRO, 1, value);
            final boolean segmenting = offload && offers(errnoState, fd, LinuxSocket.UDP_SEGMENT, 0, value);
            return new LinuxUdpSocket(fd, SocketAddresses.read(name, 0), coalescing, segmenting);
        } catch (IOException e) {
            LinuxSocket.close(errnoState, fd);
            throw e;
        }
    }

    private static void option(MemorySegment errnoState, int fd, int level, int option, int set, MemorySegment value)
            throws IOException {
        value.set(JAVA_INT, 0, set);
        require(LinuxSocket.setsockopt(errnoState, fd, level, option, value, Integer.BYTES));
    }

    /** Sets an option that older systems do not have. */
    private static boolean offers(MemorySegment errnoState, int fd, int option, int set, MemorySegment value) {
        value.set(JAVA_INT, 0, set);
        return LinuxSocket.setsockopt(errnoState, fd, LinuxSocket.SOL_UDP, option, value, Integer.BYTES) >= 0;
    }

    private static int require(int result) throws IOException {
        if (result < 0) {
            throw new IOException(LinuxSocket.strerror(-result));
        }
        return result;
    }
}
