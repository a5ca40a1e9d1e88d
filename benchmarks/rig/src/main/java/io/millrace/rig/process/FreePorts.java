package io.millrace.rig.process;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback address that are free now, of UDP and of TCP. They lie below those that systems give to outgoing
 * connections, so that none of these takes one before it is used.
 *
 * <p>Ports come from blocks. A process holds the first UDP port of each of its blocks until it ends, so that two processes
 * that look for ports at the same time find different ones; and it gives a port again only when no further block is left.
 * Another program may take a port before it is used.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int BLOCK = 100;
    private static final int BLOCKS = 220;
    private static final int TRIES = 2 * BLOCKS * BLOCK;

    /** The first ports of this process' blocks. */
    private static final List<DatagramSocket> HELD = new ArrayList<>();

    /** Number of ports of the blocks that were looked at. */
    private static int looked;

    private FreePorts() {}

    /**
     * Finds ports.
     *
     * @param count how many different ones, 0 or more.
     * @throws IOException if there are not so many.
     */
    public static synchronized List<Integer> find(int count) throws IOException {
        final InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        final List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < TRIES && ports.size() < count; i++) {
            final int port = next(loopback);
            if (!ports.contains(port) && isFree(new InetSocketAddress(loopback, port))) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new IOException("not enough free ports from " + LOWEST + " to " + (LOWEST + BLOCKS * BLOCK - 1)
                    + ": wanted=" + count + ", found=" + ports.size());
        }
        return ports;
    }

    /** The port after the one before, in a further block if need be; the first one again if no block is left. */
    private static int next(InetAddress loopback) throws IOException {
        if (looked == HELD.size() * (BLOCK - 1) && !holdOneMore(loopback)) {
            if (HELD.isEmpty()) {
                throw new IOException("no block of free ports from " + LOWEST + " on");
            }
            looked = 0;
        }
        final int first = HELD.get(looked / (BLOCK - 1)).getLocalPort();
        return first + 1 + looked++ % (BLOCK - 1);
    }

    private static boolean holdOneMore(InetAddress loopback) throws IOException {
        final int start = ThreadLocalRandom.current().nextInt(BLOCKS);
        for (int i = 0; i < BLOCKS; i++) {
            try {
                HELD.add(new DatagramSocket(LOWEST + (start + i) % BLOCKS * BLOCK, loopback));
                return true;
            } catch (BindException e) {
                // the block of another process
            }
        }
        return false;
    }

    private static boolean isFree(InetSocketAddress address) throws IOException {
        try (DatagramSocket udp = new DatagramSocket(address);
                ServerSocket tcp = new ServerSocket(address.getPort(), 1, address.getAddress())) {
            return udp.isBound() && tcp.isBound();
        } catch (BindException e) {
            return false;
        }
    }
}
