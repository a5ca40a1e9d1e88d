package io.millrace.carrier;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Addresses for ends that must know each other's before they are opened. The ports are free, were not given before, and lie
 * below those that systems give to sockets that ask for any: no other test gets one of them meanwhile.
 */
public final class LoopbackPorts {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 32_000;
    private static final Set<Integer> GIVEN = new HashSet<>();

    private LoopbackPorts() {}

    /** An address of 127.0.0.1 of which the port is free, of UDP and of TCP. */
    public static synchronized InetSocketAddress next() throws IOException {
        while (GIVEN.size() < HIGHEST - LOWEST) {
            final int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            final InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
            if (GIVEN.add(port) && isFree(address)) {
                return address;
            }
        }
        throw new IOException("all ports were given");
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
