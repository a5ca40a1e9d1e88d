package io.millrace.carrier;

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
 * UDP with recvmmsg and sendmmsg: many datagrams a system call, straight from and to the slots, no allocation.
 *
 * <p>Frames that another carrier of this kind sent together come together too, where the system can do that
 * ({@link DatagramReceiver}).
 *
 * <p>Frames of one length to one peer leave as few large messages that the kernel cuts into datagrams (generic
 * segmentation offload). Where the path does not allow that, as when a frame is longer than a packet of the link, the
 * system refuses the first such message; that peer's frames then leave one by one, and none is lost. So do all frames where
 * the system has no segmentation.
 *
 * <p>A socket that is bound to the wildcard address learns with each datagram at which address of this host it arrived. Its
 * answers leave from there, and so does everything else to a peer, from the address at which the peer was authenticated last
 * ({@link #bind}). If the system no longer sends from that address, it picks another one until the peer is authenticated
 * again.
 */
final class LinuxUdpCarrier implements UdpCarrier {
    private static final int BATCH = 64;
    private static final int LARGEST_MESSAGE = 65_507;

    private final TrackedArena arena;
    private final MemorySegment errnoState;
    private final DatagramReceiver receiver;
    private final MessageVector outbound;
    final LocalAddresses localAddresses; // null: the socket has but one
    private volatile PeerAddresses peers;
    private PeerAddresses written; // into peerAddresses
    private MemorySegment peerAddresses;
    private boolean[] segmented;
    private final boolean segmenting;
    private final int family;
    int fd = -1; // the tests' too
    private final InetSocketAddress localAddress;
    private SocketWait wait;
    private final AtomicLong sendErrors = new AtomicLong();
    private final AtomicLong sourcesGivenUp = new AtomicLong();

    LinuxUdpCarrier(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        this(local, peers, true);
    }

    /** As above; without {@code offload} as on a system that has none. */
    LinuxUdpCarrier(InetSocketAddress local, List<InetSocketAddress> peers, boolean offload) throws IOException {
        this.peers = new PeerAddresses(local, peers);
        this.arena = TrackedArena.shared();
        this.errnoState = LinuxSocket.newErrnoState(arena);
        this.family = local.getAddress() instanceof Inet4Address ? LinuxSocket.AF_INET : LinuxSocket.AF_INET6;
        this.outbound = new MessageVector(arena, BATCH, BATCH, family);
        this.localAddresses = local.getAddress().isAnyLocalAddress() ? new LocalAddresses() : null;
        this.segmented = new boolean[0];
        this.peerAddresses = MemorySegment.NULL;
        write(this.peers);
        try {
            final LinuxUdpSocket socket = LinuxUdpSocket.open(errnoState, family, local, offload);
            this.segmenting = socket.segmenting();
            this.fd = socket.fd();
            this.localAddress = socket.localAddress();
            this.receiver = new DatagramReceiver(arena, errnoState, family, localAddresses, socket.coalescing());
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
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        return receiver.receive(fd, peers.table(), frames, limit, roomLength);
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        frames.requireOpen();
        applyChanges();
        if (written.of(peer) == null) {
            return 0;
        }
        if (localAddresses != null) {
            localAddresses.pointAtPeer(peer, outbound);
        }
        return sendAll(peer, frames, from, count);
    }

    @Override
    public boolean gainsByTrains() {
        return true;
    }

    /** Answers from the local address at which the message arrived that is answered. */
    @Override
    public void sendMessage(int origin, DatagramBatch messages, int index) {
        if (origin >= 0) {
            send(origin, messages, index, 1);
            return;
        }
        messages.requireOpen();
        applyChanges();
        final int peer = LocalOrigins.peer(origin);
        if (localAddresses != null && localAddresses.pointAtOrigin(origin, outbound) && written.of(peer) != null) {
            sendAll(peer, messages, index, 1);
        }
    }

    @Override
    public void bind(int origin, int peer) {
        if (localAddresses != null) {
            applyChanges();
            localAddresses.bind(origin, peer);
        }
    }

    private int sendAll(int peer, DatagramBatch frames, int from, int count) {
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
        return receiver.errors();
    }

    @Override
    public long sendErrors() {
        return sendErrors.get();
    }

    @Override
    public long sourcesGivenUp() {
        return sourcesGivenUp.get();
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

    private void applyChanges() {
        final PeerAddresses now = peers;
        if (now != written) {
            write(now);
        }
    }

    /** Lays the addresses out for the system; whenever they have changed. */
    private void write(PeerAddresses now) {
        if (now.count() > segmented.length) {
            // Twice as much as before, so that the memory given up is bounded by that in use.
            final int room = Math.max(now.count(), 2 * segmented.length);
            segmented = Arrays.copyOf(segmented, room);
            peerAddresses = arena.allocate(offset(room), 64);
            for (int peer = 0; written != null && peer < written.count(); peer++) {
                layOut(peer, written.of(peer));
            }
        }
        for (int peer = 0; peer < now.count(); peer++) {
            final InetSocketAddress address = now.of(peer);
            if (localAddresses != null && written != null && !now.isSamePeer(written, peer)) {
                localAddresses.unbind(peer);
            }
            if (address != null && (written == null || !address.equals(written.of(peer)))) {
                segmented[peer] = true;
                layOut(peer, address);
            }
        }
        written = now;
    }

    private void layOut(int peer, InetSocketAddress address) {
        if (address != null) {
            SocketAddresses.write(peerAddresses, offset(peer), family, address);
        }
    }

    /** Sends up to {@code count} frames with one call; the number taken, 0 if the system takes none now. */
    private int sendSome(int peer, DatagramBatch frames, int from, int count) {
        final int perMessage = segmenting && segmented[peer] ? framesPerMessage(frames, from, count) : 1;
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
        int result =
                LinuxSocket.sendmmsg(fd, outbound.messages(), messageCount, LinuxSocket.MSG_DONTWAIT, frames.memory());
        if (result < 0) {
            // Nothing was sent. Once more, and this time with the reason.
            result = LinuxSocket.sendmmsg(
                    errnoState, fd, outbound.messages(), messageCount, LinuxSocket.MSG_DONTWAIT, frames.memory());
        }
        if (result > 0) {
            return Math.min(result * perMessage, count);
        }
        return switch (-result) {
            case 0, LinuxSocket.EAGAIN, LinuxSocket.ENOBUFS, LinuxSocket.EINTR -> 0;
            case LinuxSocket.EINVAL, LinuxSocket.EMSGSIZE, LinuxSocket.EIO, LinuxSocket.EOPNOTSUPP -> {
                if (perMessage == 1) {
                    yield failFirst(peer, frames, from, -result);
                }
                segmented[peer] = false;
                yield sendSome(peer, frames, from, count);
            }
            default -> perMessage == 1 ? failFirst(peer, frames, from, -result) : sendSome(peer, frames, from, 1);
        };
    }

    /**
     * The first frame of a call met an error. If that is the source's, the frame leaves from another; if not, it is
     * lost, and counted, so that the others get past it.
     */
    private int failFirst(int peer, DatagramBatch frames, int from, int errno) {
        if (outbound.hasSource() && isOfSource(errno)) {
            outbound.noSource();
            outbound.part(0, address(frames, from, frames.length(from)), frames.length(from));
            outbound.message(0, peerAddresses.address() + offset(peer), SocketAddresses.length(family), 0, 1);
            if (LinuxSocket.sendmmsg(fd, outbound.messages(), 1, LinuxSocket.MSG_DONTWAIT, frames.memory()) == 1) {
                sourcesGivenUp.incrementAndGet();
                segmented[peer] = true; // the source was refused, not the segments
                localAddresses.giveUp(peer, outbound);
                return 1;
            }
            // No source serves now: the peer's own may do so again later.
            localAddresses.pointAtPeer(peer, outbound);
        }
        sendErrors.incrementAndGet();
        return 1;
    }

    /** Errors with which the system refuses to send from an address. */
    private static boolean isOfSource(int errno) {
        return switch (errno) {
            case LinuxSocket.EADDRNOTAVAIL, LinuxSocket.EINVAL, LinuxSocket.ENETUNREACH, LinuxSocket.ENODEV -> true;
            default -> false;
        };
    }

    /** How many of these frames fit one message that the kernel can cut up: 1 if their lengths differ. */
    private static int framesPerMessage(DatagramBatch frames, int from, int count) {
        final int length = frames.length(from);
        for (int i = 1; i < count; i++) {
            if (frames.length(from + i) != length) {
                return 1;
            }
        }
        return length == 0 ? 1 : Math.max(1, Math.min(count, LARGEST_MESSAGE / length));
    }

    private static long address(DatagramBatch frames, int index, int bytes) {
        final MemorySegment memory = frames.memory();
        return memory.address() + Objects.checkFromIndexSize(frames.position(index), bytes, memory.byteSize());
    }

    private static long offset(int index) {
        return (long) index * SocketAddresses.ROOM_LENGTH;
    }
}
