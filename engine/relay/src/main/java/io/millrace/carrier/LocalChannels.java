package io.millrace.carrier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The channels of a UDP carrier: the one that was asked for and, if that is bound to the wildcard address, one more at the same
 * port for each address of this host's interfaces, 64 at most. The JDK does not say at which address a datagram arrived; the
 * channel that has it does.
 *
 * <p>The interfaces are looked at again every five seconds. A datagram for an address without a channel arrives at the wildcard
 * one: for one that is new, for one that no interface lists (Linux takes all of 127.0.0.0/8 for its own), or on a system that
 * binds no port twice.
 *
 * <p>The sockets share their port only while one is bound: the first is bound without SO_REUSEADDR, which all have while
 * another one is added and none has afterwards. So two carriers never have the same port.
 *
 * <p>Threading: {@link #now()} and {@link #at} are for the I/O thread, the rest for any.
 */
final class LocalChannels implements AutoCloseable {
    private static final int MAX_ADDRESSES = 64;
    private static final long PAUSE_S = 5;

    /** Says which addresses this host has. */
    @FunctionalInterface
    interface Addresses {
        List<InetAddress> now() throws IOException;
    }

    /**
     * A channel.
     *
     * @param place its number, 0 for the one that was asked for; that of a closed one is soon given to no other.
     * @param address at which it receives.
     */
    record Channel(int place, InetAddress address, DatagramChannel channel) {}

    private final Addresses addresses;
    private final InetSocketAddress localAddress;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Channel[] channels;
    private int lastPlace;

    /**
     * Binds.
     *
     * @throws IOException with the system's words if the address cannot be bound.
     */
    LocalChannels(InetSocketAddress local, Addresses addresses) throws IOException {
        this.addresses = addresses;
        final DatagramChannel first = open(local.getAddress());
        try {
            first.bind(local);
            this.localAddress = (InetSocketAddress) first.getLocalAddress();
        } catch (IOException e) {
            first.close();
            throw e;
        }
        this.channels = new Channel[] {new Channel(0, local.getAddress(), first)};
        if (local.getAddress().isAnyLocalAddress()) {
            look();
            Thread.ofVirtual().name("udp-addresses").start(this::lookAgain);
        }
    }

    /** Addresses of this host's interfaces. */
    static List<InetAddress> ofInterfaces() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .toList();
    }

    /** The bound address, with the port that was chosen. */
    InetSocketAddress localAddress() {
        return localAddress;
    }

    /** The channels, that with number 0 first; stays this object's. */
    Channel[] now() {
        return channels;
    }

    /** The channel with that number; null if there is none, or no more. */
    DatagramChannel at(int place) {
        for (Channel each : channels) {
            if (each.place() == place) {
                return each.channel();
            }
        }
        return null;
    }

    /** Opens channels for addresses that are new, and closes those of addresses that have gone. */
    synchronized void look() {
        if (closed.getCount() == 0) {
            return;
        }
        final List<InetAddress> present = present();
        if (present == null) {
            return;
        }
        final List<Channel> next = new ArrayList<>();
        final List<Channel> gone = new ArrayList<>();
        next.add(channels[0]);
        for (Channel each : channels) {
            if (each.place() != 0) {
                if (present.remove(each.address())) {
                    next.add(each);
                } else {
                    gone.add(each);
                }
            }
        }
        for (InetAddress each : present) {
            final DatagramChannel opened = next.size() > MAX_ADDRESSES ? null : open(each, next);
            if (opened != null) {
                next.add(new Channel(nextPlace(), each, opened));
            }
        }
        channels = next.toArray(new Channel[0]);
        gone.forEach(LocalChannels::close);
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        for (Channel each : channels) {
            close(each);
        }
    }

    private void lookAgain() {
        try {
            while (!closed.await(PAUSE_S, TimeUnit.SECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Addresses that the socket reaches, each once; null if the system does not say. */
    private List<InetAddress> present() {
        final boolean ipv4Only = localAddress.getAddress() instanceof Inet4Address;
        try {
            return new ArrayList<>(addresses.now().stream()
                    .filter(address -> !ipv4Only || address instanceof Inet4Address)
                    .distinct()
                    .toList());
        } catch (IOException e) {
            return null;
        }
    }

    /** Binds one more channel at the port; null if the system does not let it. */
    private DatagramChannel open(InetAddress address, List<Channel> present) {
        try {
            final DatagramChannel channel = open(address);
            try {
                share(present, true);
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(new InetSocketAddress(address, localAddress.getPort()));
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, false);
                return channel;
            } catch (IOException e) {
                channel.close();
                return null;
            } finally {
                share(present, false);
            }
        } catch (IOException e) {
            return null;
        }
    }

    private static void share(List<Channel> present, boolean shared) throws IOException {
        for (Channel each : present) {
            each.channel().setOption(StandardSocketOptions.SO_REUSEADDR, shared);
        }
    }

    private static DatagramChannel open(InetAddress address) throws IOException {
        final DatagramChannel channel = DatagramChannel.open(
                address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, UdpCarrier.SOCKET_BUFFER_LENGTH);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, UdpCarrier.SOCKET_BUFFER_LENGTH);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private int nextPlace() {
        do {
            lastPlace = lastPlace + 1 < LocalOrigins.PLACES ? lastPlace + 1 : 1;
        } while (at(lastPlace) != null);
        return lastPlace;
    }

    private static void close(Channel channel) {
        try {
            channel.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot close UDP " + channel.address().getHostAddress(), e);
        }
    }
}
