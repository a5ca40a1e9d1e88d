package io.millrace.cli.htx;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;

/** The targets that an operator has allowed, word for word. */
final class ForwardTargets {
    private static final int CONNECT_TIMEOUT_MS = 10_000;

    private final Set<String> allowed;

    /** @param allowed {@code host:port} each; empty refuses everything. */
    ForwardTargets(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    boolean isEmpty() {
        return allowed.isEmpty();
    }

    /** A connection to {@code target}; null if it is not allowed or not to be had. */
    Socket connect(String target) {
        if (!allowed.contains(target)) {
            return null;
        }
        final Socket socket = new Socket();
        try {
            socket.connect(new AddressConverter().convert(target), CONNECT_TIMEOUT_MS);
            return socket;
        } catch (IOException e) {
            close(socket);
            return null;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError("a socket that was never connected closes", e);
        }
    }

    /** Refuses what is no address before anybody asks for it. */
    static InetSocketAddress check(String target) {
        return new AddressConverter().convert(target);
    }
}
