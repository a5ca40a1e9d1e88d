package io.millrace.cli.htx;

import io.millrace.cli.console.Output;
import io.millrace.endpoint.HtxConnection;
import io.millrace.endpoint.HtxStream;
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

/** One {@code -L}: whoever connects to a local port gets a stream to a target that the other end connects to. */
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
                Pattern.compile("(?:([^:\\[\\]]+|\\[[^\\]]+]):)?(\\d{1,5}):([^:\\[\\]]+|\\[[^\\]]+]):(\\d{1,5})");
        private static final int LAST_PORT = 65_535;

        /** For the parser. */
        Converter() {}

        @Override
        public Spec convert(String text) {
            final Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("must be [address:]port:host:port: " + text);
            }
            final int port = Integer.parseInt(matcher.group(2));
            final int targetPort = Integer.parseInt(matcher.group(4));
            if (port > LAST_PORT || targetPort > LAST_PORT || targetPort == 0) {
                throw new TypeConversionException("a port is at most 65535, and a target's at least 1: " + text);
            }
            final InetSocketAddress local = matcher.group(1) == null
                    ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                    : new InetSocketAddress(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
            if (local.isUnresolved()) {
                throw new TypeConversionException("unknown host: " + matcher.group(1));
            }
            return new Spec(local, matcher.group(3) + ":" + targetPort);
        }
    }

    private final ServerSocket server;
    private final AtomicLong bytes = new AtomicLong();

    LocalForward(Spec spec, HtxConnection connection, Output output) throws IOException {
        server = new ServerSocket();
        server.bind(spec.local());
        output.note("forwarding " + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort() + " to "
                + spec.target());
        Thread.ofVirtual().start(() -> accept(spec, connection, output));
    }

    /** Bytes carried so far, by the connections that are over. */
    long bytes() {
        return bytes.get();
    }

    private void accept(Spec spec, HtxConnection connection, Output output) {
        while (true) {
            final Socket socket;
            try {
                socket = server.accept();
            } catch (IOException e) {
                return; // closed
            }
            Thread.ofVirtual().start(() -> carry(spec, connection, socket, output));
        }
    }

    private void carry(Spec spec, HtxConnection connection, Socket socket, Output output) {
        try (socket;
                HtxStream stream = connection.open()) {
            StreamPurpose.forward(spec.target()).write(stream.output());
            if (!StreamPurpose.isAccepted(stream.input())) {
                output.note("millrace: the other end does not connect to " + spec.target());
                return;
            }
            bytes.addAndGet(Pipe.socket(stream, socket));
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
