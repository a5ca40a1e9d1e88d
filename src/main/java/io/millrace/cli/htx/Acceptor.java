package io.millrace.cli.htx;

import io.millrace.text.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Accepts connections until the socket is closed: too many open files, or no memory for one more connection, delays
 * accepting and does not end it. Not thread safe.
 */
final class Acceptor {
    private static final long FIRST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 1_000;

    private final ServerSocket server;
    private final Consumer<String> notes;
    private long pauseMs;

    /**
     * Accepts at a bound socket.
     *
     * @param server stays the caller's.
     * @param notes gets one line when accepting fails, and one when it goes on.
     */
    Acceptor(ServerSocket server, Consumer<String> notes) {
        this.server = server;
        this.notes = notes;
    }

    /** The next connection; null if the socket was closed or the thread interrupted. */
    Socket next() {
        while (!server.isClosed() && !Thread.currentThread().isInterrupted()) {
            try {
                final Socket socket = server.accept();
                if (pauseMs > 0) {
                    pauseMs = 0;
                    notes.accept("millrace: accepting connections again at " + address());
                }
                return socket;
            } catch (IOException e) {
                if (!server.isClosed()) {
                    pause(e);
                }
            }
        }
        return null;
    }

    private String address() {
        return HostPort.text((InetSocketAddress) server.getLocalSocketAddress());
    }

    private void pause(IOException e) {
        if (pauseMs == 0) {
            notes.accept("millrace: accepts no connections at " + address() + " for now: " + e.getMessage());
        }
        pauseMs = Math.clamp(2 * pauseMs, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
        try {
            TimeUnit.MILLISECONDS.sleep(pauseMs);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
