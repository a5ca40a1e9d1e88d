package io.millrace.carrier;

import io.millrace.metrics.NanoClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Frames over TCP: one listening socket, at most one connection per peer in use, one selector that the I/O thread asks.
 *
 * <p>A connection is made when there is a message for a peer that has none. One that was accepted belongs to no peer
 * at first: its messages come from a stranger, its frames are refused, and it is closed unless it
 * is {@linkplain #bind bound} in time. Only addresses of peers are accepted, and a bounded number of strangers; a new one
 * displaces the oldest.
 *
 * <p>Frames are copied once into a buffer of the connection: a gathering write of the JDK makes an object for each
 * buffer that it gathers. A peer that does not read fills its own buffer and no other.
 *
 * <p>Threading: one I/O thread, except for the counters and {@link #localAddress()}.
 */
public final class TcpCarrier implements Carrier {
    private static final int STRANGERS = 64;
    private static final int STRANGER_BUFFER_LENGTH = 1_536; // a longest message and its length
    private static final int PEER_BUFFER_FRAMES = 64;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int FIRST_STRANGER = DatagramBatch.UNKNOWN_PEER - 1;
    private static final int ACCEPTS_PER_CALL = 16;

    private volatile PeerAddresses peers;
    private PeerAddresses applied; // to the rest
    private final Set<InetAddress> allowed = new HashSet<>();
    private final int frameLength;
    private final NanoClock clock;
    private final Selector selector;
    private final ServerSocketChannel server;
    final TcpAcceptor acceptor;
    private final InetSocketAddress localAddress;
    private TcpConnection[] byPeer = {};
    private boolean[] lost = {};
    private ByteBuffer[][] peerBuffers = {};
    private final TcpConnection[] strangers = new TcpConnection[STRANGERS];
    private final ByteBuffer[][] strangerBuffers = new ByteBuffer[STRANGERS][];
    private final Consumer<SelectionKey> onReady = this::ready;
    private final AtomicLong receiveErrors = new AtomicLong();
    private final AtomicLong sendErrors = new AtomicLong();
    private int firstPeer;
    private boolean acceptable;
    private volatile boolean woken;

    private TcpCarrier(InetSocketAddress local, List<InetSocketAddress> peers, int frameLength, NanoClock clock)
            throws IOException {
        this.peers = new PeerAddresses(local, peers); // refuses addresses of strangers
        this.frameLength = frameLength;
        this.clock = clock;
        apply(this.peers);
        for (int i = 0; i < STRANGERS; i++) {
            strangerBuffers[i] = buffers(STRANGER_BUFFER_LENGTH);
        }
        this.selector = Selector.open();
        ServerSocketChannel opened = null;
        try {
            opened = ServerSocketChannel.open();
            this.server = opened;
            server.configureBlocking(false);
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(local);
            this.acceptor = new TcpAcceptor(server::accept, server.register(selector, SelectionKey.OP_ACCEPT), clock);
            this.localAddress = (InetSocketAddress) server.getLocalAddress();
        } catch (IOException e) {
            selector.close();
            if (opened != null) {
                opened.close();
            }
            throw new IOException("cannot bind TCP " + SocketAddresses.text(local) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Listens.
     *
     * @param local address to listen at and to connect from; port 0 takes any that is free.
     * @param peers address of each peer in the order of the peer indexes; resolved, each but once; null for
     *     a peer that {@link #movePeer} gives one later.
     * @param frameLength of every frame in bytes; its first 8 bytes are a counter, little endian, which mostly rises by
     *     one, and the next 2 the length of the message, big endian.
     * @param clock for the time that a stranger has.
     * @throws IOException if the address cannot be bound; the message names it.
     */
    public static TcpCarrier open(
            InetSocketAddress local, List<InetSocketAddress> peers, int frameLength, NanoClock clock)
            throws IOException {
        return new TcpCarrier(local, peers, frameLength, clock);
    }

    /** The bound address, with the port that was chosen. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        applyChanges();
        select();
        int count = 0;
        for (int i = 0; i < byPeer.length && count < limit; i++) {
            final int peer = firstPeer + i < byPeer.length ? firstPeer + i : firstPeer + i - byPeer.length;
            if (byPeer[peer] != null) {
                count = byPeer[peer].take(frames, count, limit, roomLength);
                sweep(peer);
            }
        }
        firstPeer = firstPeer + 1 < byPeer.length ? firstPeer + 1 : 0;
        for (int i = 0; i < STRANGERS && count < limit; i++) {
            if (strangers[i] != null) {
                count = strangers[i].take(frames, count, limit, roomLength);
                sweepStranger(i);
            }
        }
        return count;
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        applyChanges();
        final TcpConnection connection = peer < byPeer.length ? byPeer[peer] : null;
        if (connection == null || !connection.isConnected()) {
            return 0;
        }
        int sent = 0;
        for (; sent < count && connection.hasRoom(); sent++) {
            if (frames.length(from + sent) == frameLength) {
                connection.addFrame(frames.memory(), frames.position(from + sent));
            } else {
                sendErrors.incrementAndGet();
            }
        }
        if (!connection.isStalled()) {
            connection.flush();
        }
        return sent;
    }

    @Override
    public synchronized void addPeer(int peer, InetSocketAddress address) {
        peers = peers.with(peer, address);
        wakeUp(); // to follow at once
    }

    @Override
    public synchronized void movePeer(int peer, InetSocketAddress address) {
        peers = peers.moved(peer, address);
        wakeUp();
    }

    @Override
    public synchronized void removePeer(int peer) {
        peers = peers.without(peer);
        wakeUp();
    }

    @Override
    public boolean gainsByTrains() {
        return true;
    }

    @Override
    public void sendMessage(int origin, DatagramBatch messages, int index) {
        applyChanges();
        final TcpConnection connection = origin >= 0 ? connection(origin) : stranger(origin);
        if (connection != null) {
            connection.addMessage(messages.memory(), messages.position(index), messages.length(index));
            connection.flush();
        }
    }

    @Override
    public void bind(int origin, int peer) {
        applyChanges();
        final TcpConnection connection = stranger(origin);
        if (connection == null || applied.of(peer) == null) {
            return; // it is the peer's own already, or gone
        }
        strangers[FIRST_STRANGER - origin] = null;
        if (byPeer[peer] != null) {
            byPeer[peer].close();
        }
        connection.move(peerBuffers[peer][0], peerBuffers[peer][1]);
        connection.origin = peer;
        byPeer[peer] = connection;
        lost[peer] = false;
    }

    @Override
    public int pollLost() {
        for (int peer = 0; peer < lost.length; peer++) {
            if (lost[peer]) {
                lost[peer] = false;
                return peer;
            }
        }
        return DatagramBatch.UNKNOWN_PEER;
    }

    @Override
    public boolean canAwait() {
        return true;
    }

    @Override
    public void await(long ns) {
        final int ms = Waits.milliseconds(ns);
        try {
            if (!woken && selector.isOpen()) {
                selector.select(onReady, ms);
            }
            woken = false;
        } catch (IOException e) {
            receiveErrors.incrementAndGet();
        }
    }

    @Override
    public void wakeUp() {
        woken = true; // a receive in between takes the selector's own mark away
        selector.wakeup();
    }

    /** Connections that were refused, displaced or failed before they belonged to a peer. */
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
        for (TcpConnection connection : byPeer) {
            close(connection);
        }
        for (TcpConnection connection : strangers) {
            close(connection);
        }
        try {
            server.close();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close TCP " + SocketAddresses.text(localAddress), e);
        }
    }

    private void applyChanges() {
        final PeerAddresses now = peers;
        if (now != applied) {
            apply(now);
        }
    }

    /** Makes room for the peers that have come, and closes the connections of those that have gone. */
    @SuppressWarnings("ReferenceEquality")
    private void apply(PeerAddresses now) {
        if (now.count() > byPeer.length) {
            byPeer = Arrays.copyOf(byPeer, now.count());
            lost = Arrays.copyOf(lost, now.count());
            peerBuffers = Arrays.copyOf(peerBuffers, now.count());
        }
        allowed.clear();
        for (int peer = 0; peer < now.count(); peer++) {
            final InetSocketAddress address = now.of(peer);
            // By identity: a peer that was removed and added again at the same address gets a new connection.
            if (applied != null && applied.of(peer) != address && byPeer[peer] != null) {
                byPeer[peer].close();
                byPeer[peer] = null;
                lost[peer] = false;
            }
            if (address != null) {
                allowed.add(address.getAddress());
                if (peerBuffers[peer] == null) {
                    peerBuffers[peer] = buffers(PEER_BUFFER_FRAMES * (frameLength + TcpConnection.COUNTER_LENGTH));
                }
            }
        }
        applied = now;
    }

    private void select() {
        try {
            acceptor.poll();
            if (selector.isOpen()) {
                selector.selectNow(onReady);
            }
            if (acceptable) {
                acceptable = false;
                accept();
            }
        } catch (IOException e) {
            receiveErrors.incrementAndGet();
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() == null) {
            acceptable = true;
            return;
        }
        final TcpConnection connection = (TcpConnection) key.attachment();
        if (key.isValid() && key.isConnectable()) {
            connection.finishConnect();
        }
        if (key.isValid() && key.isWritable()) {
            connection.flush();
        }
        if (key.isValid() && key.isReadable()) {
            connection.ready = true;
        }
    }

    private void accept() throws IOException {
        for (int i = 0; i < ACCEPTS_PER_CALL; i++) {
            final SocketChannel channel = acceptor.next();
            if (channel == null) {
                return;
            }
            if (!allowed.contains(((InetSocketAddress) channel.getRemoteAddress()).getAddress())) {
                receiveErrors.incrementAndGet();
                channel.close();
                continue;
            }
            final int place = placeForStranger();
            final ByteBuffer[] buffers = strangerBuffers[place];
            strangers[place] = register(channel, FIRST_STRANGER - place, buffers, SelectionKey.OP_READ);
        }
    }

    /** A free place, or that of the oldest stranger. */
    private int placeForStranger() {
        int oldest = 0;
        for (int i = 0; i < STRANGERS; i++) {
            if (strangers[i] == null) {
                return i;
            }
            if (strangers[i].sinceNs - strangers[oldest].sinceNs < 0) {
                oldest = i;
            }
        }
        receiveErrors.incrementAndGet();
        strangers[oldest].close();
        return oldest;
    }

    /** The connection of a peer, which is made if there is none; null if it cannot be. */
    private TcpConnection connection(int peer) {
        if (applied.of(peer) == null) {
            return null;
        }
        final TcpConnection present = byPeer[peer];
        if (present != null && present.isStale(clock.nanoTime(), PATIENCE_NS)) {
            present.close();
        }
        sweep(peer);
        if (byPeer[peer] == null) {
            try {
                byPeer[peer] = connect(peer);
            } catch (IOException e) {
                sendErrors.incrementAndGet();
            }
        }
        return byPeer[peer];
    }

    private TcpConnection connect(int peer) throws IOException {
        final SocketChannel channel = SocketChannel.open();
        try {
            if (!localAddress.getAddress().isAnyLocalAddress()) {
                channel.bind(new InetSocketAddress(localAddress.getAddress(), 0));
            }
            channel.configureBlocking(false);
            final boolean connected = channel.connect(applied.of(peer));
            return register(
                    channel, peer, peerBuffers[peer], connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private TcpConnection register(SocketChannel channel, int origin, ByteBuffer[] buffers, int interest)
            throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            final TcpConnection connection =
                    new TcpConnection(channel, origin, frameLength, buffers[0], buffers[1], clock.nanoTime());
            connection.key(channel.register(selector, interest, connection));
            return connection;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private TcpConnection stranger(int origin) {
        final int place = FIRST_STRANGER - origin;
        return place >= 0 && place < STRANGERS ? strangers[place] : null;
    }

    private void sweep(int peer) {
        final TcpConnection connection = byPeer[peer];
        if (connection != null && connection.isClosed()) {
            byPeer[peer] = null;
            lost[peer] = connection.wasConnected();
        }
    }

    private void sweepStranger(int place) {
        final TcpConnection stranger = strangers[place];
        if (!stranger.isClosed() && clock.nanoTime() - stranger.sinceNs >= PATIENCE_NS) {
            stranger.close();
        }
        if (stranger.isClosed()) {
            strangers[place] = null;
            receiveErrors.incrementAndGet();
        }
    }

    private static void close(TcpConnection connection) {
        if (connection != null) {
            connection.close();
        }
    }

    private static ByteBuffer[] buffers(int length) {
        return new ByteBuffer[] {ByteBuffer.allocateDirect(length), ByteBuffer.allocateDirect(length)};
    }
}
