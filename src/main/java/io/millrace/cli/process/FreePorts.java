package io.millrace.cli.process;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback address that are free now, of UDP and of TCP. They lie below those that systems give to outgoing
 * connections, so that none of these takes one before it is used; another program may.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 10_000;

    private FreePorts() {}

    /**
     * Finds ports.
     *
     * @param count how many different ones, 0 or more.
     * @throws IOException if there are not so many.
     */
    public static List<Integer> find(int count) throws IOException {
        final InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        final Set<Integer> tried = new HashSet<>();
        final List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < TRIES && ports.size() < count; i++) {
            final int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (tried.add(port) && isFree(new InetSocketAddress(loopback, port))) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new IOException("not enough free ports from " + LOWEST + " to " + HIGHEST + ": wanted=" + count
                    + ", found=" + ports.size());
        }
        return ports;
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
