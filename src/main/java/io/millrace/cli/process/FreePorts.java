package io.millrace.cli.process;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** UDP ports of the loopback address that are free now; somebody may take them before they are used. */
public final class FreePorts {
    private FreePorts() {}

    /** Finds {@code count} different ports. */
    public static List<Integer> find(int count) throws IOException {
        final List<DatagramSocket> sockets = new ArrayList<>();
        final List<Integer> ports = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                final DatagramSocket socket =
                        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
        } finally {
            sockets.forEach(DatagramSocket::close);
        }
        return ports;
    }
}
