package io.millrace.cli.htx;

import io.millrace.cli.console.Output;
import io.millrace.cli.htx.HtxReport.Outcome;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The streams of one session that end in TCP connections to allowed targets. */
final class ForwardedStreams {
    private static final int PATIENCE_SECONDS = 10;

    private final Output output;
    private final ForwardTargets targets;
    private final ConnectingSockets connecting = new ConnectingSockets();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong bytes = new AtomicLong();

    ForwardedStreams(Output output, ForwardTargets targets) {
        this.output = output;
        this.targets = targets;
    }

    /** Carries all streams of a session until it is over, and the last of them too. */
    Outcome carry(HtxConnection connection) throws InterruptedException {
        try (ExecutorService streams = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (HtxStream stream = connection.accept(); stream != null; stream = connection.accept()) {
                    final HtxStream each = stream;
                    streams.execute(() -> carry(each));
                }
            } finally {
                connecting.end(); // a target that is reached now would get nothing
            }
            streams.shutdown();
            // Nothing can go back to the session; received bytes still go to the targets, if they take them.
            for (Socket socket : sockets) {
                end(socket, false);
            }
            if (!streams.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                for (Socket socket : sockets) {
                    end(socket, true);
                }
            }
        }
        return Outcome.carried(bytes.get());
    }

    private static void end(Socket socket, boolean both) {
        try {
            if (both) {
                socket.close();
            } else {
                socket.shutdownInput();
            }
        } catch (IOException e) {
            // Its stream has just closed it.
            assert socket.isClosed() : e;
        }
    }

    private void carry(HtxStream stream) {
        try (stream) {
            final StreamPurpose purpose = StreamPurpose.read(stream.input());
            final Socket target;
            try {
                target = connect(purpose);
            } catch (IOException e) {
                output.note("millrace: refused or could not reach: " + purpose.kind() + " " + purpose.target() + ": "
                        + e.getMessage());
                StreamPurpose.answer(stream.output(), false);
                return;
            }
            carry(stream, target);
        } catch (IOException e) {
            output.note("millrace: a stream was lost: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Socket connect(StreamPurpose purpose) throws IOException {
        if (purpose.kind() != StreamPurpose.Kind.FORWARD) {
            throw new IOException("only forwards are served");
        }
        return targets.connect(purpose.target(), connecting);
    }

    private void carry(HtxStream stream, Socket target) throws IOException, InterruptedException {
        try (target) {
            // Before the answer: a session that ended earlier does not take it, one that ends later finds the socket.
            sockets.add(target);
            StreamPurpose.answer(stream.output(), true);
            bytes.addAndGet(Pipe.socket(stream, target));
        } finally {
            sockets.remove(target);
        }
    }
}
