package io.millrace.cli.htx;

import io.millrace.cli.console.Output;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxStream;
import io.millrace.text.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** One {@code -L}: each connection to a local port gets a stream to a target that the other end connects to. */
final class LocalForward implements AutoCloseable {
    /**
     * {@code [address:]port:host:port}.
     *
     * @param local where to listen; loopback if no address is given.
     * @param target host and port, as the other end is to understand them.
     */
    record Spec(InetSocketAddress local, String target) {}

    /** Reads a {@link Spec}. */
    static final class Converter implements ITypeConverter<Spec> {
        private static final Pattern FORM =
                Pattern.compile("(?:([^:\\[\\]]+|\\[[^\\]]+]):)?(\\d{1,5}):((?:[^:\\[\\]]+|\\[[^\\]]+]):\\d{1,5})");

        /** For the parser. */
        Converter() {}

        @Override
        public Spec convert(String text) {
            final Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("must be [address:]port:host:port: " + text);
            }
            try {
                final String target = HostPort.parse(matcher.group(3), 1).toString();
                final InetSocketAddress local = matcher.group(1) == null
                        ? new InetSocketAddress(
                                InetAddress.getLoopbackAddress(),
                                HostPort.parse("localhost:" + matcher.group(2), 0)
                                        .port())
                        : HostPort.parse(matcher.group(1) + ":" + matcher.group(2), 0)
                                .resolve();
                return new Spec(local, target);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage() + ": " + text);
            }
        }
    }

    private final ServerSocket server;
    private final AtomicLong bytes = new AtomicLong();

    LocalForward(Spec spec, HtxConnection connection, Output output) throws IOException {
        server = new ServerSocket();
        server.bind(spec.local());
        output.note("forwarding " + HostPort.text((InetSocketAddress) server.getLocalSocketAddress()) + " to "
                + spec.target());
        Thread.ofVirtual().start(() -> accept(spec, connection, output));
    }

    /** Bytes carried so far, by the connections that are over. */
    long bytes() {
        return bytes.get();
    }

    private void accept(Spec spec, HtxConnection connection, Output output) {
        final Acceptor acceptor = new Acceptor(server, output::note);
        for (Socket socket = acceptor.next(); socket != null; socket = acceptor.next()) {
            final Socket accepted = socket;
            Thread.ofVirtual().start(() -> carry(spec, connection, accepted, output));
        }
    }

    private void carry(Spec spec, HtxConnection connection, Socket socket, Output output) {
        // Until the streams end as they should, the end of the socket is a reset: nothing cut off may look whole.
        try (socket) {
            Pipe.abortive(socket);
            try (HtxStream stream = connection.open()) {
                StreamPurpose.forward(spec.target()).write(stream.output());
                if (!StreamPurpose.isAccepted(stream.input())) {
                    output.note("millrace: the other end does not connect to " + spec.target());
                    return;
                }
                bytes.addAndGet(Pipe.socket(stream, socket));
            }
        } catch (IOException e) {
            output.note("millrace: a connection to " + spec.target() + " was lost: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
