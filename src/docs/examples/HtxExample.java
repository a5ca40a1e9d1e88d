import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.endpoint.HtxConnection;
import io.millrace.htx.endpoint.HtxEndpoint;
import io.millrace.htx.endpoint.HtxListener;
import io.millrace.htx.endpoint.HtxServer;
import io.millrace.htx.endpoint.HtxStream;
import io.millrace.htx.session.SessionConfig;
import io.millrace.htx.admission.TicketKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Two applications that talk over an encrypted session: one greets each client, the other asks. */
final class HtxExample {
    private HtxExample() {}

    /** The whole use of a session: connect, open a stream, write, read, close. */
    static String ask(InetSocketAddress address, X25519KeyPair own, X25519KeyPair server) throws IOException {
        try (HtxEndpoint endpoint = HtxEndpoint.start(SessionConfig.HTX1);
                TicketKey ticket = TicketKey.open(server.publicKey());
                HtxConnection connection =
                        endpoint.connect(address, own, server.publicKey(), ticket, Duration.ofSeconds(10));
                HtxStream stream = connection.open()) {
            stream.output().write("world".getBytes(StandardCharsets.UTF_8));
            stream.finish();
            return new String(stream.input().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Called for each connection, on a new virtual thread. */
    static void greet(HtxConnection connection) {
        try (connection;
                HtxStream stream = connection.accept()) {
            stream.output().write("hello, ".getBytes(StandardCharsets.UTF_8));
            stream.input().transferTo(stream.output());
            stream.finish();
            connection.awaitEnd();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs both in one process. */
    public static void main(String[] args) throws IOException {
        try (X25519KeyPair server = X25519KeyPair.generate(new SecureRandomness());
                X25519KeyPair client = X25519KeyPair.generate(new SecureRandomness());
                TicketKey ticket = TicketKey.open(server.publicKey());
                HtxEndpoint endpoint = HtxEndpoint.start(SessionConfig.HTX1)) {
            final HtxListener listener = endpoint.listen(
                    new InetSocketAddress("127.0.0.1", 0), HtxServer.of(server, ticket, HtxExample::greet));
            System.out.println(ask(listener.address(), client, server));
        }
    }
}
