package io.millrace.cli.htx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sockets of one session while they connect. The session's end closes them, which ends their connects. For any thread. */
final class ConnectingSockets {
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** Adds a socket that is about to connect; closes it if the session has ended. */
    void add(Socket socket) {
        sockets.add(socket);
        if (ended) {
            close(socket);
        }
    }

    /** Removes a socket that has connected or failed. */
    void remove(Socket socket) {
        sockets.remove(socket);
    }

    /** Closes all sockets of now, and each that is added later. */
    void end() {
        ended = true;
        sockets.forEach(ConnectingSockets::close);
    }

    /** Whether {@link #end} was called. */
    boolean ended() {
        return ended;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("a socket cannot be closed", e);
        }
    }
}
