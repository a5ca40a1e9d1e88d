package io.millrace.cli.htx;

import io.millrace.cli.console.StandardStream;
import io.millrace.cli.htx.HtxReport.Outcome;
import io.millrace.htx.endpoint.HtxStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Copies both ways between a stream and something else until both ways have ended. */
final class Pipe {
    private Pipe() {}

    /** Standard input to the stream, the stream to standard output. */
    static Outcome standard(HtxStream stream) throws InterruptedException {
        return between(System.in, stream, StandardStream.output());
    }

    /**
     * {@code in} to the stream, the stream to {@code out}. Where either fails before {@code in} has ended, the stream is reset:
     * a proper end would make the other end take a part for the whole.
     */
    static Outcome between(InputStream in, HtxStream stream, OutputStream out) throws InterruptedException {
        final AtomicReference<IOException> failure = new AtomicReference<>();
        final AtomicLong bytes = new AtomicLong();
        final AtomicBoolean sent = new AtomicBoolean();
        // A read of standard input cannot be interrupted: a daemon, so that it keeps no process alive.
        final Thread sender = Thread.ofPlatform().daemon().start(() -> {
            if (attempt(failure, bytes, in, stream.output())) {
                stream.finish();
                sent.set(true);
            } else {
                stream.reset();
            }
        });
        if (!attempt(failure, bytes, stream.input(), out) && !sent.get()) {
            stream.reset();
        }
        // The other end has said its last. If it is gone altogether, nothing that comes from standard input matters.
        if (failure.get() == null) {
            sender.join();
        }
        final IOException thrown = failure.get();
        return new Outcome(bytes.get(), null, null, thrown == null ? null : thrown.getMessage());
    }

    /**
     * Between a stream and a socket, which is closed at the end. A direction that is cut off ends by a reset at its other
     * side, and never by a proper end.
     */
    static long socket(HtxStream stream, Socket socket) throws InterruptedException {
        final AtomicLong bytes = new AtomicLong();
        final Thread sender = Thread.ofVirtual().start(() -> {
            try {
                bytes.addAndGet(FileExchange.copy(socket.getInputStream(), stream.output()));
                stream.finish();
            } catch (IOException e) {
                stream.reset();
            }
        });
        try (socket) {
            abortive(socket);
            bytes.addAndGet(FileExchange.copy(stream.input(), socket.getOutputStream()));
            socket.shutdownOutput();
            sender.join();
            socket.setSoLinger(false, 0); // all bytes of the stream are in the socket: they are still sent
        } catch (IOException e) {
            stream.reset();
        } catch (InterruptedException e) {
            stream.reset();
            throw e;
        }
        sender.join();
        return bytes.get();
    }

    /** Has closing a socket reset the connection, until lingering is switched off again. */
    static void abortive(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
    }

    /** Whether all was copied. */
    private static boolean attempt(
            AtomicReference<IOException> failure, AtomicLong bytes, InputStream in, OutputStream out) {
        try {
            bytes.addAndGet(FileExchange.copy(in, out));
            return true;
        } catch (IOException e) {
            failure.compareAndSet(null, e);
            return false;
        }
    }
}
