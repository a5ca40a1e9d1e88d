package io.millrace.cli.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/** Whether a UDP socket opens on loopback, and how large its buffers may be. */
final class UdpProbe implements Probe {
    private static final String NAME = "udp buffers";
    private static final int BYTES_PER_KIB = 1024;
    // 4 MiB hold about 2,000 packets of a link: 20 ms at 100,000 packets a second.
    private static final int WANTED_KIB = 4096;

    @Override
    public Finding look() {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            final int receive = granted(channel, StandardSocketOptions.SO_RCVBUF);
            final int send = granted(channel, StandardSocketOptions.SO_SNDBUF);
            final String value = "receive " + receive + " KiB, send " + send + " KiB";
            final boolean enough = receive >= WANTED_KIB && send >= WANTED_KIB;
            return enough
                    ? Finding.ok(NAME, value)
                    : Finding.note(NAME, value + ": bursts may be lost", remedy(System.getProperty("os.name")));
        } catch (IOException e) {
            return Finding.missing(NAME, "no UDP socket on loopback: " + e.getMessage(), "allow UDP on loopback");
        }
    }

    private static int granted(DatagramChannel channel, SocketOption<Integer> option) throws IOException {
        channel.setOption(option, WANTED_KIB * BYTES_PER_KIB);
        return channel.getOption(option) / BYTES_PER_KIB;
    }

    private static String remedy(String system) {
        final int bytes = WANTED_KIB * BYTES_PER_KIB;
        return system.startsWith("Mac")
                ? "sudo sysctl -w kern.ipc.maxsockbuf=" + 2 * bytes
                : "sudo sysctl -w net.core.rmem_max=" + bytes + " net.core.wmem_max=" + bytes;
    }
}
