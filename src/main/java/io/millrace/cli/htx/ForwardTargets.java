package io.millrace.cli.htx;

import io.millrace.names.HostAddresses;
import io.millrace.names.NameLookup;
import io.millrace.text.HostPort;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Set;
import java.util.function.Supplier;

/** The targets that an operator has allowed, word for word. Their names are looked up for each connection. */
final class ForwardTargets {
    private static final int CONNECT_TIMEOUT_MS = 10_000;

    private final Set<String> allowed;
    private final NameLookup lookup;
    private final Supplier<Socket> unconnected;

    /**
     * Allows targets.
     *
     * @param allowed {@code host:port} each, of which {@link #check} approves; empty refuses everything.
     */
    ForwardTargets(Set<String> allowed) {
        this(allowed, NameLookup.SYSTEM, Socket::new);
    }

    /** @param unconnected makes a socket for each address that is tried. */
    ForwardTargets(Set<String> allowed, NameLookup lookup, Supplier<Socket> unconnected) {
        this.allowed = Set.copyOf(allowed);
        this.lookup = lookup;
        this.unconnected = unconnected;
    }

    boolean isEmpty() {
        return allowed.isEmpty();
    }

    /**
     * A connection to a target, at the first of its addresses that takes one.
     *
     * @param connecting of the session; has each socket while it connects.
     * @throws InterruptedIOException if the session ended before the target was reached.
     * @throws IOException if the target is not allowed, its name has no address now, or none of its addresses can be reached.
     */
    Socket connect(String target, ConnectingSockets connecting) throws IOException {
        if (!allowed.contains(target)) {
            throw new IOException("not allowed");
        }
        return HostAddresses.tryAll(check(target), lookup, address -> connectTo(address, connecting));
    }

    private Socket connectTo(InetSocketAddress address, ConnectingSockets connecting) throws IOException {
        final Socket socket = unconnected.get();
        boolean connected = false;
        try {
            connecting.add(socket);
            socket.connect(address, CONNECT_TIMEOUT_MS);
            connected = true;
            return socket;
        } catch (IOException e) {
            if (connecting.ended()) { // no further address is tried
                final InterruptedIOException ended = new InterruptedIOException("the session has ended");
                ended.initCause(e);
                throw ended;
            }
            final ConnectException named = new ConnectException(HostPort.text(address) + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        } finally {
            connecting.remove(socket);
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
