package io.millrace.natives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Linux socket calls that move many datagrams at once; the constants are those of 64-bit Linux on x86-64 and arm64.
 *
 * <p>Every call that takes a {@link #newErrnoState} of the calling thread returns the result of the C function, or the
 * negated {@code errno} where that is -1. The JDK may make an object for that argument, and does so as soon as the process
 * uses segments of several kinds; the calls of the hot path therefore exist without it, and then just return -1.
 *
 * <p>The arenas of all segments are held open during a call. The messages of recvmmsg and sendmmsg hold addresses: {@code
 * memory} is the memory of their payloads, held as a surplus argument as {@link SodiumElement} describes; names, parts and
 * control messages lie in the arena of the messages.
 *
 * <p>Source: {@code sys/socket.h}, {@code netinet/in.h}, {@code linux/udp.h}; recvmmsg(2), sendmmsg(2), poll(2), eventfd(2),
 * udp(7), ip(7), ipv6(7).
 */
public final class LinuxSocket {
    /** Address family of IPv4. */
    public static final int AF_INET = 2;

    /** Address family of IPv6. */
    public static final int AF_INET6 = 10;

    /** Datagram socket that never blocks and is closed on exec. */
    public static final int SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;

    /** Receive: report a datagram's full length although it was cut off. */
    public static final int MSG_TRUNC = 0x20;

    /** Do not block. */
    public static final int MSG_DONTWAIT = 0x40;

    /** Socket level of {@link #SO_SNDBUF} and {@link #SO_RCVBUF}. */
    public static final int SOL_SOCKET = 1;

    /** Send buffer in bytes. */
    public static final int SO_SNDBUF = 7;

    /** Receive buffer in bytes. */
    public static final int SO_RCVBUF = 8;

    /** Socket level, and control message level, of {@link #IP_PKTINFO}. */
    public static final int IPPROTO_IP = 0;

    /** Socket option: each datagram comes with its local address. Control message: that address, or the one to send from. */
    public static final int IP_PKTINFO = 8;

    /**
     * Socket level of {@link #IPV6_V6ONLY} and {@link #IPV6_RECVPKTINFO}, control message level of {@link #IPV6_PKTINFO}.
     */
    public static final int IPPROTO_IPV6 = 41;

    /** Socket option: each datagram comes with its local address, IPv4 in its mapped form. */
    public static final int IPV6_RECVPKTINFO = 49;

    /** Control message: local address and interface of a datagram, or those to send from. */
    public static final int IPV6_PKTINFO = 50;

    /** Whether an IPv6 socket refuses IPv4. */
    public static final int IPV6_V6ONLY = 26;

    /** Socket level, and control message level, of {@link #UDP_SEGMENT}. */
    public static final int SOL_UDP = 17;

    /** Control message: the kernel cuts the payload into datagrams of this many bytes (generic segmentation offload). */
    public static final int UDP_SEGMENT = 103;

    /**
     * Socket option: datagrams of one source and length that follow each other may come as one. Control message: the length of
     * each, as an int.
     */
    public static final int UDP_GRO = 104;

    /** Event counter that never blocks and is closed on exec. */
    public static final int EFD_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    /** What {@link #poll} is asked for and tells: there is something to read. */
    public static final short POLLIN = 1;

    /** Longest wait of {@link #poll} in milliseconds. */
    public static final int LONGEST_POLL_MS = 1_000;

    /**
     * Length of a {@code struct pollfd} in bytes: the descriptor as an int, then requested and returned events as shorts.
     */
    public static final int POLLFD_LENGTH = 8;

    /** Length of a {@code struct mmsghdr} in bytes. */
    public static final int MESSAGE_LENGTH = 64;

    /** Interrupted by a signal. */
    public static final int EINTR = 4;

    /** Input or output error. */
    public static final int EIO = 5;

    /** Nothing to receive, or no room to send. */
    public static final int EAGAIN = 11;

    /** No such device, as an interface that has gone. */
    public static final int ENODEV = 19;

    /** Invalid argument. */
    public static final int EINVAL = 22;

    /** Datagram too long for the path or the protocol. */
    public static final int EMSGSIZE = 90;

    /** Operation not supported. */
    public static final int EOPNOTSUPP = 95;

    /** Address in use. */
    public static final int EADDRINUSE = 98;

    /** Not an address of this host. */
    public static final int EADDRNOTAVAIL = 99;

    /** No route. */
    public static final int ENETUNREACH = 101;

    /** No buffer space. */
    public static final int ENOBUFS = 105;

    private static final boolean AVAILABLE = "Linux".equals(Platform.system())
            && ("amd64".equals(Platform.architecture()) || "aarch64".equals(Platform.architecture()));

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"))
            .withInvokeExactBehavior();

    // int socket(int domain, int type, int protocol)
    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)
    private static final MethodHandle BIND =
            function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    // int getsockname(int sockfd, struct sockaddr *addr, socklen_t *addrlen)
    private static final MethodHandle GETSOCKNAME =
            function("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));

    // int recvmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags, struct timespec *timeout)
    private static final MethodHandle RECVMMSG = function(
            "recvmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    // int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags)
    private static final MethodHandle SENDMMSG =
            function("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));

    private static final MethodHandle RECVMMSG_PLAIN =
            plain("recvmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private static final MethodHandle SENDMMSG_PLAIN =
            plain("sendmmsg", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));

    // int eventfd(unsigned int initval, int flags)
    private static final MethodHandle EVENTFD =
            function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    // int poll(struct pollfd *fds, nfds_t nfds, int timeout)
    private static final MethodHandle POLL =
            plain("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    // ssize_t read(int fd, void *buf, size_t count)
    private static final MethodHandle READ =
            plain("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    // ssize_t write(int fd, const void *buf, size_t count)
    private static final MethodHandle WRITE =
            plain("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    // int close(int fd)
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    // char *strerror(int errnum)
    private static final MethodHandle STRERROR = plain("strerror", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));

    private LinuxSocket() {}

    /** Whether this is a system whose constants and layouts these are. Nothing else here may be called if not. */
    public static boolean available() {
        return AVAILABLE;
    }

    /** Allocates the memory into which a call's {@code errno} is written. */
    public static MemorySegment newErrnoState(Arena arena) {
        return arena.allocate(Linker.Option.captureStateLayout());
    }

    /** Opens a socket; its descriptor. */
    public static int socket(MemorySegment errnoState, int domain, int type, int protocol) {
        try {
            return result((int) SOCKET.invokeExact(errnoState, domain, type, protocol), errnoState);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Binds {@code fd} to the socket address of {@code length} bytes. */
    public static int bind(MemorySegment errnoState, int fd, MemorySegment socketAddress, int length) {
        Raw.in("socketAddress", socketAddress, length);
        try {
            return result((int) BIND.invokeExact(errnoState, fd, socketAddress, length), errnoState);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Writes the local socket address of {@code fd}; the int at {@code length} says how much room there is. */
    public static int getsockname(MemorySegment errnoState, int fd, MemorySegment socketAddress, MemorySegment length) {
        Raw.out("length", length, Integer.BYTES);
        Raw.out("socketAddress", socketAddress, length.get(JAVA_INT, 0));
        try {
            return result((int) GETSOCKNAME.invokeExact(errnoState, fd, socketAddress, length), errnoState);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Sets a socket option from {@code length} bytes at {@code value}. */
    public static int setsockopt(
            MemorySegment errnoState, int fd, int level, int option, MemorySegment value, int length) {
        Raw.in("value", value, length);
        try {
            return result((int) SETSOCKOPT.invokeExact(errnoState, fd, level, option, value, length), errnoState);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Receives up to {@code count} datagrams; the number received, or -1. */
    public static int recvmmsg(int fd, MemorySegment messages, int count, int flags, MemorySegment memory) {
        Raw.out("messages", messages, (long) count * MESSAGE_LENGTH);
        try {
            return (int) RECVMMSG_PLAIN.invokeExact(fd, messages, count, flags, MemorySegment.NULL, memory);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Sends up to {@code count} datagrams; the number sent, or -1 if the first was not. */
    public static int sendmmsg(int fd, MemorySegment messages, int count, int flags, MemorySegment memory) {
        Raw.out("messages", messages, (long) count * MESSAGE_LENGTH);
        try {
            return (int) SENDMMSG_PLAIN.invokeExact(fd, messages, count, flags, memory);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Receives up to {@code count} datagrams; the number received. */
    public static int recvmmsg(
            MemorySegment errnoState, int fd, MemorySegment messages, int count, int flags, MemorySegment memory) {
        Raw.out("messages", messages, (long) count * MESSAGE_LENGTH);
        try {
            return result(
                    (int) RECVMMSG.invokeExact(errnoState, fd, messages, count, flags, MemorySegment.NULL, memory),
                    errnoState);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Sends up to {@code count} datagrams; the number sent. An error is that of the first. */
    public static int sendmmsg(
            MemorySegment errnoState, int fd, MemorySegment messages, int count, int flags, MemorySegment memory) {
        Raw.out("messages", messages, (long) count * MESSAGE_LENGTH);
        try {
            return result((int) SENDMMSG.invokeExact(errnoState, fd, messages, count, flags, memory), errnoState);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Makes an event counter at 0; its descriptor. */
    public static int eventfd(MemorySegment errnoState, int flags) {
        try {
            return result((int) EVENTFD.invokeExact(errnoState, 0, flags), errnoState);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /**
     * Waits until a descriptor has a requested event, a signal comes, or the time is over. Blocks the thread.
     *
     * @param descriptors {@code count} entries of {@link #POLLFD_LENGTH} bytes.
     * @param count of the entries.
     * @param timeoutMs longest wait in milliseconds, 0 to {@link #LONGEST_POLL_MS}.
     * @return the number of entries that tell something; 0 if the time is over, -1 after a signal or an error.
     * @throws IllegalArgumentException if the wait is out of range: a negative one would never end.
     */
    public static int poll(MemorySegment descriptors, long count, int timeoutMs) {
        if (timeoutMs < 0 || timeoutMs > LONGEST_POLL_MS) {
            throw new IllegalArgumentException("must be 0 to " + LONGEST_POLL_MS + ": timeoutMs=" + timeoutMs);
        }
        Raw.out("descriptors", descriptors, Math.multiplyExact(count, (long) POLLFD_LENGTH));
        try {
            return (int) POLL.invokeExact(descriptors, count, timeoutMs);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Reads up to {@code length} bytes to {@code buffer}; the number read, or -1. */
    public static long read(int fd, MemorySegment buffer, long length) {
        Raw.out("buffer", buffer, length);
        try {
            return (long) READ.invokeExact(fd, buffer, length);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Writes up to {@code length} bytes from {@code buffer}; the number written, or -1. */
    public static long write(int fd, MemorySegment buffer, long length) {
        Raw.in("buffer", buffer, length);
        try {
            return (long) WRITE.invokeExact(fd, buffer, length);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** Closes a descriptor. */
    public static int close(MemorySegment errnoState, int fd) {
        try {
            return result((int) CLOSE.invokeExact(errnoState, fd), errnoState);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    /** The system's text for error {@code errno}, such as {@code Address already in use}. */
    public static String strerror(int errno) {
        try {
            return MemorySegment.ofAddress((long) STRERROR.invokeExact(errno))
                    .reinterpret(256)
                    .getString(0);
        } catch (Throwable t) {
            throw SodiumLibrary.unexpected(t);
        }
    }

    private static int result(int rc, MemorySegment errnoState) {
        return rc >= 0 ? rc : -(int) ERRNO.get(errnoState, 0L);
    }

    private static MethodHandle plain(String name, FunctionDescriptor descriptor) {
        return AVAILABLE ? LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor) : null;
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return AVAILABLE
                ? LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"))
                : null;
    }
}
