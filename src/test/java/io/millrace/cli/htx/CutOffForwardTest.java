package io.millrace.cli.htx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.console.Output;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cut off direction ends by a reset at its other side; only a complete one ends properly. */
@Timeout(120)
class CutOffForwardTest {
    private static final int LENGTH = 5_000;

    private final StringWriter said = new StringWriter();
    private final Output output = new Output(new PrintWriter(said, true), new PrintWriter(said, true), false);

    /** Half a target's life: its behaviour on its one connection. */
    private interface Target {
        void serve(Socket socket) throws IOException;
    }

    @Test
    void resetsTheClientWhenTheTargetIsReset() throws IOException {
        try (Forwarded forwarded = new Forwarded(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo('x');
            socket.getOutputStream().write(new byte[LENGTH]);
            socket.setSoLinger(true, 0);
        })) {
            forwarded.client.getOutputStream().write('x');

            assertThatThrownBy(() -> forwarded.client.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
        }
    }

    @Test
    void endsProperlyWhenTheTargetDoes() throws IOException {
        try (Forwarded forwarded = new Forwarded(socket -> {
            assertThat(socket.getInputStream().read()).isEqualTo('x');
            socket.getOutputStream().write(new byte[LENGTH]);
        })) {
            forwarded.client.getOutputStream().write('x');
            forwarded.client.shutdownOutput();

            assertThat(forwarded.client.getInputStream().readAllBytes()).hasSize(LENGTH);
        }
    }

    @Test
    void resetsTheTargetWhenTheClientIsReset() throws Exception {
        final CompletableFuture<Integer> read = new CompletableFuture<>();
        try (Forwarded forwarded = new Forwarded(socket -> {
            try {
                socket.getOutputStream().write('x');
                read.complete(socket.getInputStream().readAllBytes().length);
            } catch (SocketException e) {
                read.complete(-1);
            }
        })) {
            assertThat(forwarded.client.getInputStream().read()).isEqualTo('x');
            forwarded.client.getOutputStream().write(new byte[LENGTH]);
            forwarded.client.setSoLinger(true, 0);
            forwarded.client.close();

            assertThat(read.get(60, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    void resetsTheTargetWhenTheSessionIsLost() throws Exception {
        final CompletableFuture<Integer> read = new CompletableFuture<>();
        try (Forwarded forwarded = new Forwarded(socket -> {
            try {
                socket.getOutputStream().write('x');
                read.complete(socket.getInputStream().readAllBytes().length);
            } catch (SocketException e) {
                read.complete(-1);
            }
        })) {
            assertThat(forwarded.client.getInputStream().read()).isEqualTo('x');
            forwarded.pair.client().close();

            assertThat(read.get(60, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    @Test
    void resetsTheClientWhoseTargetIsRefused() throws IOException {
        try (Forwarded forwarded = new Forwarded("gone.invalid:9")) {
            assertThatThrownBy(() -> forwarded.client.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
            assertThat(said.toString()).contains("could not reach: FORWARD gone.invalid:9: not allowed");
        }
    }

    @Test
    void resetsTheStreamOfAFileThatCannotBeReadToItsEnd(@TempDir Path folder) throws Exception {
        final CompletableFuture<Boolean> whole = new CompletableFuture<>();
        try (HtxPair pair = new HtxPair(connection -> {
            try (HtxStream stream = connection.accept()) {
                stream.output().write('y');
                stream.input().readAllBytes();
                whole.complete(true);
            } catch (IOException | InterruptedException e) {
                whole.complete(false);
            }
        })) {
            try (HtxStream stream = pair.client().open()) {
                stream.output().write('x');
                assertThat(stream.input().read()).isEqualTo('y'); // the other end has the stream
                // A folder opens and cannot be read.
                assertThatThrownBy(() -> FileExchange.send(folder, stream)).isInstanceOf(IOException.class);
            }
            assertThat(whole.get(60, TimeUnit.SECONDS)).isFalse();
        }
    }

    /** The input is not at its end when the output fails, as on a full disk: the other end has got a part of it. */
    @Test
    void resetsTheStreamOfAPipeWhoseOutputFailsBeforeItsInputHasEnded() throws Exception {
        try (PipedInputStream endless = new PipedInputStream(LENGTH);
                PipedOutputStream source = new PipedOutputStream(endless)) {
            source.write(new byte[LENGTH]);

            assertThat(isTakenForWhole(endless, new FullDisk(), "No space left on device"))
                    .isFalse();
        }
    }

    @Test
    void resetsTheStreamOfAPipeWhoseInputFails() throws Exception {
        final Answered answered = new Answered();
        final InputStream failing =
                new SequenceInputStream(new ByteArrayInputStream(new byte[LENGTH]), new BadDisk(answered));

        assertThat(isTakenForWhole(failing, answered, "Input/output error")).isFalse();
    }

    @Test
    void endsAPipeProperlyWithItsInput() throws Exception {
        final InputStream whole = new ByteArrayInputStream(new byte[LENGTH]);

        assertThat(isTakenForWhole(whole, OutputStream.nullOutputStream(), null))
                .isTrue();
    }

    /** Whether the other end of a pipe sees a proper end. */
    private static boolean isTakenForWhole(InputStream in, OutputStream out, String failure) throws Exception {
        final CompletableFuture<Boolean> whole = new CompletableFuture<>();
        try (HtxPair pair = new HtxPair(connection -> {
            try (HtxStream stream = connection.accept()) {
                assertThat(stream.input().readNBytes(LENGTH)).hasSize(LENGTH);
                stream.output().write('y');
                stream.input().readAllBytes();
                whole.complete(true);
            } catch (IOException | InterruptedException e) {
                whole.complete(false);
            }
        })) {
            try (HtxStream stream = pair.client().open()) {
                assertThat(Pipe.between(in, stream, out).failure()).isEqualTo(failure);
            }
            return whole.get(60, TimeUnit.SECONDS);
        }
    }

    /** Knows whether the other end has answered. */
    private static final class Answered extends OutputStream {
        private final CountDownLatch answer = new CountDownLatch(1);

        @Override
        public void write(int value) {
            answer.countDown();
        }
    }

    /** Fails once the other end has the stream: of one that is reset before, the other end hears nothing. */
    private static final class BadDisk extends InputStream {
        private final Answered answered;

        BadDisk(Answered answered) {
            this.answered = answered;
        }

        @Override
        public int read() throws IOException {
            try {
                answered.answer.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            throw new IOException("Input/output error");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return read();
        }
    }

    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    /** A target, a session and a forward to the target, with one client connected. */
    private final class Forwarded implements AutoCloseable {
        private final ServerSocket target = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final HtxPair pair;
        private final LocalForward forward;
        private final Socket client = new Socket();

        Forwarded(Target served) throws IOException {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = target.accept()) {
                    served.serve(socket);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            final String name = "127.0.0.1:" + target.getLocalPort();
            pair = pair(name);
            forward = forward(name);
        }

        /** A forward to a target that is not allowed. */
        Forwarded(String name) throws IOException {
            pair = pair("127.0.0.1:9");
            forward = forward(name);
        }

        private HtxPair pair(String allowed) throws IOException {
            final ForwardedStreams streams = new ForwardedStreams(output, new ForwardTargets(Set.of(allowed)));
            return new HtxPair(connection -> carry(streams, connection));
        }

        private static void carry(ForwardedStreams streams, HtxConnection connection) {
            try (connection) {
                assertThat(streams.carry(connection)).isNotNull();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private LocalForward forward(String name) throws IOException {
            final LocalForward made = new LocalForward(
                    new LocalForward.Spec(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), name),
                    pair.client(),
                    output);
            final Matcher matcher =
                    Pattern.compile("forwarding 127.0.0.1:(\\d+) to").matcher(said.toString());
            assertThat(matcher.find()).isTrue();
            client.setSoTimeout(60_000);
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(matcher.group(1))));
            return made;
        }

        @Override
        public void close() throws IOException {
            client.close();
            forward.close();
            pair.close();
            target.close();
        }
    }
}
