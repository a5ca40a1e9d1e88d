package io.millrace.carrier;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * UDP over channels of the JDK: one datagram a system call, and a copy between the channel's buffer and the slot.
 *
 * <p>Bound to the wildcard address, it has one more channel for each address of this host's interfaces
 * ({@link LocalChannels}): a datagram that arrived at one of them is answered by the same, and a peer is sent to by the one
 * at which it was authenticated last ({@link #bind}). For other local addresses the system picks the one to send from. Each
 * call of {@link #receive} costs one system call per channel.
 *
 * <p>The JDK makes an object for a datagram whose source is another than that of the datagram before it; nothing else
 * is allocated.
 */
final class ChannelUdpCarrier implements UdpCarrier {
    private static final int LARGEST_DATAGRAM = 1 << 16;
    private static final int ERRORS_PER_CALL = 8;

    private final LocalChannels channels;
    private volatile PeerAddresses peers;
    private volatile Map<SocketAddress, Integer> numbers;
    private PeerAddresses applied; // to places
    private int[] places = {}; // of the channel that a peer is sent to by
    private int firstChannel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
    private final MemorySegment bufferMemory = MemorySegment.ofBuffer(buffer);
    private final AtomicLong receiveErrors = new AtomicLong();
    private final AtomicLong sendErrors = new AtomicLong();
    private final AtomicLong sourcesGivenUp = new AtomicLong();

    ChannelUdpCarrier(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        this(local, peers, LocalChannels::ofInterfaces);
    }

    /** Takes {@code addresses} for those of this host. */
    ChannelUdpCarrier(InetSocketAddress local, List<InetSocketAddress> peers, LocalChannels.Addresses addresses)
            throws IOException {
        publish(new PeerAddresses(local, peers)); // refuses addresses of strangers
        this.applied = this.peers;
        try {
            this.channels = new LocalChannels(local, addresses);
        } catch (IOException e) {
            throw new IOException("cannot bind UDP " + SocketAddresses.text(local) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public int receive(DatagramBatch frames, int limit, int roomLength) {
        final LocalChannels.Channel[] now = channels.now();
        int count = 0;
        for (int i = 0; i < now.length && count < limit; i++) {
            count = receive(now[(firstChannel + i) % now.length], frames, count, limit, roomLength);
        }
        firstChannel = firstChannel + 1 < now.length ? firstChannel + 1 : 0;
        return count;
    }

    private int receive(LocalChannels.Channel from, DatagramBatch frames, int before, int limit, int roomLength) {
        int count = before;
        int errors = 0;
        while (count < limit && errors < ERRORS_PER_CALL) {
            try {
                buffer.clear();
                final SocketAddress source = from.channel().receive(buffer);
                if (source == null) {
                    break;
                }
                final int length = buffer.position();
                MemorySegment.copy(
                        bufferMemory, 0, frames.memory(), frames.position(count), Math.min(length, roomLength));
                final int peer = numbers.getOrDefault(source, DatagramBatch.UNKNOWN_PEER);
                final boolean numbered = peer >= 0 && peer < LocalOrigins.PEERS && from.place() != 0;
                frames.filled(count++, length, peer, numbered ? LocalOrigins.of(peer, from.place()) : peer);
            } catch (IOException e) {
                errors++;
                receiveErrors.incrementAndGet();
            }
        }
        return count;
    }

    @Override
    public int send(int peer, DatagramBatch frames, int from, int count) {
        applyChanges();
        return applied.of(peer) == null ? 0 : send(peer, place(peer), frames, from, count);
    }

    /** Answers from the local address at which the message arrived that is answered. */
    @Override
    public void sendMessage(int origin, DatagramBatch messages, int index) {
        if (origin >= 0) {
            send(origin, messages, index, 1);
        } else if (LocalOrigins.isOne(origin) && channels.at(LocalOrigins.place(origin)) != null) {
            applyChanges();
            final int peer = LocalOrigins.peer(origin);
            if (applied.of(peer) != null) {
                send(peer, LocalOrigins.place(origin), messages, index, 1);
            }
        }
    }

    @Override
    public void bind(int origin, int peer) {
        applyChanges();
        if (LocalOrigins.isOne(origin)
                && LocalOrigins.peer(origin) == peer
                && channels.at(LocalOrigins.place(origin)) != null) {
            if (peer >= places.length) {
                places = Arrays.copyOf(places, Math.max(peer + 1, 2 * places.length));
            }
            places[peer] = LocalOrigins.place(origin);
        }
    }

    @Override
    public synchronized void addPeer(int peer, InetSocketAddress address) {
        publish(peers.with(peer, address));
    }

    @Override
    public synchronized void movePeer(int peer, InetSocketAddress address) {
        publish(peers.moved(peer, address));
    }

    @Override
    public synchronized void removePeer(int peer) {
        publish(peers.without(peer));
    }

    @Override
    public InetSocketAddress localAddress() {
        return channels.localAddress();
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
    public long sourcesGivenUp() {
        return sourcesGivenUp.get();
    }

    /** Looks at the interfaces now, as is done now and then anyway. */
    void look() {
        channels.look();
    }

    @Override
    public void close() {
        channels.close();
    }

    private int send(int peer, int wanted, DatagramBatch frames, int from, int count) {
        final InetSocketAddress address = applied.of(peer);
        int place = wanted;
        if (channels.at(place) == null) {
            giveUp(peer, place);
            place = 0;
        }
        DatagramChannel channel = channels.at(place);
        for (int i = 0; i < count; i++) {
            final int length = frames.length(from + i);
            if (length > LARGEST_DATAGRAM) {
                sendErrors.incrementAndGet();
                continue;
            }
            buffer.clear().limit(length);
            MemorySegment.copy(frames.memory(), frames.position(from + i), bufferMemory, 0, length);
            int sent = send(channel, address);
            if (sent < 0 && place != 0) {
                buffer.rewind();
                sent = send(channels.at(0), address);
                if (sent >= 0) { // the source was refused, not the frame
                    giveUp(peer, place);
                    place = 0;
                    channel = channels.at(0);
                }
            }
            if (sent < 0) {
                sendErrors.incrementAndGet();
            } else if (sent == 0 && length > 0) {
                return i;
            }
        }
        return count;
    }

    /** Sends the buffer; the number of bytes that left, 0 if the system takes none now, -1 if it refuses them. */
    private int send(DatagramChannel channel, InetSocketAddress address) {
        try {
            return channel.send(buffer, address);
        } catch (IOException e) {
            return -1;
        }
    }

    private int place(int peer) {
        return peer < places.length ? places[peer] : 0;
    }

    private void giveUp(int peer, int place) {
        sourcesGivenUp.incrementAndGet();
        if (place(peer) == place) {
            places[peer] = 0;
        }
    }

    /** Forgets the channels of peers that have gone, or moved between IPv4 and IPv6. */
    private void applyChanges() {
        final PeerAddresses now = peers;
        if (now != applied) {
            for (int peer = 0; peer < places.length; peer++) {
                if (places[peer] != 0 && !now.isSamePeer(applied, peer)) {
                    places[peer] = 0;
                }
            }
            applied = now;
        }
    }

    private void publish(PeerAddresses next) {
        final Map<SocketAddress, Integer> nextNumbers = new HashMap<>();
        for (int peer = 0; peer < next.count(); peer++) {
            if (next.of(peer) != null) {
                nextNumbers.put(next.of(peer), peer);
            }
        }
        peers = next;
        numbers = nextNumbers;
    }
}
