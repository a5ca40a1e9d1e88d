package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.millrace.memory.TrackedArena;
import io.millrace.natives.LinuxSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * UDP with recvmmsg and sendmmsg: up to 64 datagrams a system call, straight from and to the slots, no allocation.
 *
 * <p>Frames of one length to one peer leave as few large messages that the kernel cuts into datagrams (generic
 * segmentation offload). Where the path does not allow that, as when a frame is longer than a packet of the link, the
 * system refuses the first such message; that peer's frames then leave one by one, and none is lost.
 */
final class LinuxUdpCarrier implements UdpCarrier {
    private static final int BATCH = 64;
    private static final int LARGEST_MESSAGE = 65_507;
    private static final int EMPTY_CALLS_PER_QUESTION = 1_024;

    private final TrackedArena arena;
    private final MemorySegment errnoState;
    private final MessageVector inbound;
    private final MessageVector outbound;
    private final MemorySegment sources;
    private volatile PeerAddresses peers;
    private PeerAddresses written; // into peerAddresses
    private MemorySegment peerAddresses;
    private boolean[] segmented;
    private final int family;
    private final int fd;
    private final InetSocketAddress localAddress;
    private SocketWait wait;
    private final AtomicLong receiveErrors = new AtomicLong();
    private final AtomicLong sendErrors = new AtomicLong();
    private int emptyCalls;

    LinuxUdpCarrier(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        this.peers = new PeerAddresses(local, peers);
        this.arena = TrackedArena.shared();
        this.errnoState = LinuxSocket.newErrnoState(arena);
        this.inbound = new MessageVector(arena, BATCH);
        this.outbound = new MessageVector(arena, BATCH);
        this.sources = arena.allocate(offset(BATCH), 64);
        this.family = local.getAddress() instanceof Inet4Address ? LinuxSocket.AF_INET : LinuxSocket.AF_INET6;
        this.segmented = new boolean[0];
        this.peerAddresses = MemorySegment.NULL;
        write(this.peers);
        for (int i = 0; i < BATCH; i++) {
            inbound.message(i, sources.address() + offset(i), SocketAddresses.ROOM_LENGTH, i, 1);
        }
        this.fd = LinuxSocket.socket(errnoState, family, LinuxSocket.SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
        try {
            if (fd < 0) {
                throw new IOException(LinuxSocket.strerror(-fd));
            }
            this.localAddress = bind(local);
            this.wait = new SocketWait(arena, fd);
        } catch (IOException e) {
            close();
            throw new IOException("cannot bind UDP " + SocketAddresses.text(local) + ": " + e.getMessage(), e);
        }
    }

    /** Whether this system has these calls. */
    static boolean available() {
        return LinuxSocket.available();
    }

    @Override
    public int receive(FrameBatch frames, int limit, int roomLength) {
        frames.requireOpen();
        if (frames.memory().isReadOnly()) {
            throw new IllegalArgumentException("the memory of the frames is read only");
        }
        final PeerTable table = peers.table();
        int count = 0;
        while (count < limit) {
            final int wanted = Math.min(limit - count, BATCH);
            for (int i = 0; i < wanted; i++) {
                inbound.part(i, address(frames, count + i, roomLength), roomLength);
                inbound.nameLength(i, SocketAddresses.ROOM_LENGTH);
            }
            final int received = receiveMessages(wanted);
            for (int i = 0; i < received; i++) {
                frames.filled(count + i, inbound.datagramLength(i), SocketAddresses.peer(table, sources, offset(i)));
            }
            count += received;
            if (received < wanted) {
                break;
            }
        }
        return count;
    }

    @Override
    public int send(int peer, FrameBatch frames, int from, int count) {
        frames.requireOpen();
        final PeerAddresses now = peers;
        if (now != written) {
            write(now);
        }
        if (now.of(peer) == null) {
            return 0;
        }
        int taken = 0;
        while (taken < count) {
            final int sent = sendSome(peer, frames, from + taken, Math.min(count - taken, BATCH));
            if (sent == 0) {
                break;
            }
            taken += sent;
        }
        return taken;
    }

    @Override
    public synchronized void addPeer(int peer, InetSocketAddress address) {
        peers = peers.with(peer, address);
    }

    @Override
    public synchronized void movePeer(int peer, InetSocketAddress address) {
        peers = peers.moved(peer, address);
    }

    @Override
    public synchronized void removePeer(int peer) {
        peers = peers.without(peer);
    }

    @Override
    public boolean canAwait() {
        return true;
    }

    @Override
    public void await(long ns) {
        wait.await(Waits.milliseconds(ns));
    }

    @Override
    public void wakeUp() {
        wait.wakeUp();
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public long receiveErrors() {
        return receiveErrors.get();
    }

    @Override
    public long sendErrors() {
        return sendErrors.get();
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            if (wait != null) {
                wait.close();
            }
            if (fd >= 0) {
                LinuxSocket.close(errnoState, fd);
            }
            arena.close();
        }
    }

    /** Lays the addresses out for the system; whenever they have changed. */
    private void write(PeerAddresses now) {
        if (now.count() > segmented.length) {
            // Twice as much as before, so that the memory given up is bounded by that in use.
            final int room = Math.max(now.count(), 2 * segmented.length);
            segmented = Arrays.copyOf(segmented, room);
            peerAddresses = arena.allocate(offset(room), 64);
            written = null;
        }
        for (int peer = 0; peer < now.count(); peer++) {
            final InetSocketAddress address = now.of(peer);
            if (address != null && (written == null || !address.equals(written.of(peer)))) {
                segmented[peer] = true;
                SocketAddresses.write(peerAddresses, offset(peer), family, address);
            }
        }
        written = now;
    }

    private int receiveMessages(int wanted) {
        final int flags = LinuxSocket.MSG_DONTWAIT | LinuxSocket.MSG_TRUNC;
        final int received = LinuxSocket.recvmmsg(fd, inbound.address(), wanted, flags);
        if (received >= 0) {
            return received;
        }
        // Almost always just nothing to receive. To ask for the reason costs an object, so it is asked now and then: a
        // single error passes unseen, as it does no harm, and one that lasts is counted.
        emptyCalls++;
        if (emptyCalls % EMPTY_CALLS_PER_QUESTION != 0) {
            return 0;
        }
        final int result = LinuxSocket.recvmmsg(errnoState, fd, inbound.address(), wanted, flags);
        if (result < 0 && result != -LinuxSocket.EAGAIN && result != -LinuxSocket.EINTR) {
            receiveErrors.incrementAndGet();
        }
        return Math.max(0, result);
    }

    /** Sends up to {@code count} frames with one call; the number taken, 0 if the system takes none now. */
    private int sendSome(int peer, FrameBatch frames, int from, int count) {
        final int perMessage = segmented[peer] ? framesPerMessage(frames, from, count) : 1;
        int messageCount = 0;
        for (int i = 0; i < count; i++) {
            final int length = frames.length(from + i);
            outbound.part(i, address(frames, from + i, length), length);
            if (i % perMessage == 0) {
                final int parts = Math.min(perMessage, count - i);
                outbound.message(
                        messageCount, peerAddresses.address() + offset(peer), SocketAddresses.length(family), i, parts);
                if (parts > 1) {
                    outbound.segmented(messageCount, length);
                }
                messageCount++;
            }
        }
        int result = LinuxSocket.sendmmsg(fd, outbound.address(), messageCount, LinuxSocket.MSG_DONTWAIT);
        if (result < 0) {
            // Nothing was sent. Once more, and this time with the reason.
            result = LinuxSocket.sendmmsg(errnoState, fd, outbound.address(), messageCount, LinuxSocket.MSG_DONTWAIT);
        }
        if (result > 0) {
            return Math.min(result * perMessage, count);
        }
        return switch (-result) {
            case 0, LinuxSocket.EAGAIN, LinuxSocket.ENOBUFS, LinuxSocket.EINTR -> 0;
            case LinuxSocket.EINVAL, LinuxSocket.EMSGSIZE, LinuxSocket.EIO, LinuxSocket.EOPNOTSUPP -> {
                if (perMessage == 1) {
                    yield lostFirst();
                }
                segmented[peer] = false;
                yield sendSome(peer, frames, from, count);
            }
            default -> perMessage == 1 ? lostFirst() : sendOne(peer, frames, from);
        };
    }

    private int sendOne(int peer, FrameBatch frames, int from) {
        return sendSome(peer, frames, from, 1);
    }

    /** The first frame of a call met an error of its own: it is lost, and counted, so that the others get past it. */
    private int lostFirst() {
        sendErrors.incrementAndGet();
        return 1;
    }

    /** How many of these frames fit one message that the kernel can cut up: 1 if their lengths differ. */
    private static int framesPerMessage(FrameBatch frames, int from, int count) {
        final int length = frames.length(from);
        for (int i = 1; i < count; i++) {
            if (frames.length(from + i) != length) {
                return 1;
            }
        }
        return length == 0 ? 1 : Math.max(1, Math.min(count, LARGEST_MESSAGE / length));
    }

    private InetSocketAddress bind(InetSocketAddress local) throws IOException {
        final MemorySegment value = arena.allocate(JAVA_INT);
        value.set(JAVA_INT, 0, SOCKET_BUFFER_LENGTH);
        require(LinuxSocket.setsockopt(
                errnoState, fd, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_RCVBUF, value.address(), Integer.BYTES));
        require(LinuxSocket.setsockopt(
                errnoState, fd, LinuxSocket.SOL_SOCKET, LinuxSocket.SO_SNDBUF, value.address(), Integer.BYTES));
        if (family == LinuxSocket.AF_INET6) {
            value.set(JAVA_INT, 0, 0);
            require(LinuxSocket.setsockopt(
                    errnoState, fd, LinuxSocket.IPPROTO_IPV6, LinuxSocket.IPV6_V6ONLY, value.address(), Integer.BYTES));
        }
        final MemorySegment name = arena.allocate(SocketAddresses.ROOM_LENGTH, 8);
        SocketAddresses.write(name, 0, family, local);
        require(LinuxSocket.bind(errnoState, fd, name.address(), SocketAddresses.length(family)));
        value.set(JAVA_INT, 0, SocketAddresses.ROOM_LENGTH);
        require(LinuxSocket.getsockname(errnoState, fd, name.address(), value.address()));
        return SocketAddresses.read(name, 0);
    }

    private static void require(int result) throws IOException {
        if (result < 0) {
            throw new IOException(LinuxSocket.strerror(-result));
        }
    }

    private static long address(FrameBatch frames, int index, int length) {
        final MemorySegment memory = frames.memory();
        return memory.address() + Objects.checkFromIndexSize(frames.position(index), length, memory.byteSize());
    }

    private static long offset(int index) {
        return (long) index * SocketAddresses.ROOM_LENGTH;
    }
}
