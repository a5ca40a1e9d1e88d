package io.millrace.carrier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * UDP over a channel of the JDK: one datagram a system call, and a copy between the channel's buffer and the slot.
 *
 * <p>The JDK makes an object for a datagram whose source is another than that of the datagram before it; nothing else
 * is allocated.
 */
final class ChannelUdpCarrier implements UdpCarrier {
    private static final int LARGEST_DATAGRAM = 1 << 16;
    private static final int ERRORS_PER_CALL = 8;

    private final DatagramChannel channel;
    private final InetSocketAddress localAddress;
    private volatile PeerAddresses peers;
    private volatile Map<SocketAddress, Integer> numbers;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
    private final MemorySegment bufferMemory = MemorySegment.ofBuffer(buffer);
    private final AtomicLong receiveErrors = new AtomicLong();
    private final AtomicLong sendErrors = new AtomicLong();

    ChannelUdpCarrier(InetSocketAddress local, List<InetSocketAddress> peers) throws IOException {
        publish(new PeerAddresses(local, peers)); // refuses what is not an address of a peer
        this.channel = DatagramChannel.open(
                local.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_LENGTH);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER_LENGTH);
            channel.bind(local);
            this.localAddress = (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot bind UDP " + SocketAddresses.text(local) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public int receive(FrameBatch frames, int limit, int roomLength) {
        int count = 0;
        int errors = 0;
        while (count < limit && errors < ERRORS_PER_CALL) {
            try {
                buffer.clear();
                final SocketAddress source = channel.receive(buffer);
                if (source == null) {
                    break;
                }
                final int length = buffer.position();
                MemorySegment.copy(
                        bufferMemory, 0, frames.memory(), frames.position(count), Math.min(length, roomLength));
                frames.filled(count++, length, numbers.getOrDefault(source, FrameBatch.UNKNOWN_PEER));
            } catch (IOException e) {
                errors++;
                receiveErrors.incrementAndGet();
            }
        }
        return count;
    }

    @Override
    public int send(int peer, FrameBatch frames, int from, int count) {
        final InetSocketAddress address = peers.of(peer);
        for (int i = 0; i < count && address != null; i++) {
            final int length = frames.length(from + i);
            if (length > LARGEST_DATAGRAM) {
                sendErrors.incrementAndGet();
                continue;
            }
            buffer.clear().limit(length);
            MemorySegment.copy(frames.memory(), frames.position(from + i), bufferMemory, 0, length);
            try {
                if (channel.send(buffer, address) == 0 && length > 0) {
                    return i;
                }
            } catch (IOException e) {
                sendErrors.incrementAndGet();
            }
        }
        return address == null ? 0 : count;
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

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close UDP " + SocketAddresses.text(localAddress), e);
        }
    }
}
