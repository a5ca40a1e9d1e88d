package io.millrace.cli.htx;

import io.millrace.cli.names.HostAddresses;
import io.millrace.cli.names.NameLookup;
import io.millrace.cli.text.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;

/** The targets that an operator has allowed, word for word. Their names are looked up for each connection. */
final class ForwardTargets {
    private static final int CONNECT_TIMEOUT_MS = 10_000;

    private final Set<String> allowed;
    private final NameLookup lookup;

    /**
     * Allows targets.
     *
     * @param allowed {@code host:port} each, of which {@link #check} approves; empty refuses everything.
     */
    ForwardTargets(Set<String> allowed) {
        this(allowed, NameLookup.SYSTEM);
    }

    ForwardTargets(Set<String> allowed, NameLookup lookup) {
        this.allowed = Set.copyOf(allowed);
        this.lookup = lookup;
    }

    boolean isEmpty() {
        return allowed.isEmpty();
    }

    /**
     * A connection to a target, at the first of its addresses that takes one.
     *
     * @throws IOException if the target is not allowed, its name has no address now, or none of its addresses can be reached.
     */
    Socket connect(String target) throws IOException {
        if (!allowed.contains(target)) {
            throw new IOException("not allowed");
        }
        return HostAddresses.tryAll(check(target), lookup, ForwardTargets::connectTo);
    }

    private static Socket connectTo(InetSocketAddress address) throws IOException {
        final Socket socket = new Socket();
        boolean connected = false;
        try {
            socket.connect(address, CONNECT_TIMEOUT_MS);
            connected = true;
            return socket;
        } catch (IOException e) {
            final ConnectException named = new ConnectException(HostPort.text(address) + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /**
     * Reads a target; looks no name up.
     *
     * @throws IllegalArgumentException if it is no address.
     */
    static HostPort check(String target) {
        return HostPort.parse(target, 0);
    }
}
