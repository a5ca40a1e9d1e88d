package io.millrace.cli.htx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.names.NameLookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ForwardTargetsTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    /** Refuses at once: this address has no connections to ports of the other. */
    private static final InetAddress OTHER = InetAddress.ofLiteral("127.0.0.66");

    @Test
    void triesAllAddressesOfAName() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                Socket socket = targets(server, host -> List.of(OTHER, LOOPBACK))
                        .connect("two.test:" + server.getLocalPort(), new ConnectingSockets())) {
            assertThat(socket.getInetAddress().getHostAddress()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void namesEveryAddressThatRefused() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            final ForwardTargets targets = targets(server, host -> List.of(OTHER, InetAddress.ofLiteral("127.0.0.67")));
            assertThatThrownBy(() -> targets.connect("two.test:" + server.getLocalPort(), new ConnectingSockets()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("127.0.0.66", "127.0.0.67", "Connection refused");
        }
    }

    @Test
    void reportsANameThatHasNoAddressAsAFailureOfOneConnection() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK)) {
            final ForwardTargets targets = targets(server, host -> {
                throw new UnknownHostException(host);
            });
            assertThatThrownBy(() -> targets.connect("two.test:" + server.getLocalPort(), new ConnectingSockets()))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessage("unknown host: two.test");
        }
    }

    private static ForwardTargets targets(ServerSocket server, NameLookup lookup) {
        return new ForwardTargets(Set.of("two.test:" + server.getLocalPort()), lookup, Socket::new);
    }
}
