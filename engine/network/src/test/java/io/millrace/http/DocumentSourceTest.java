package io.millrace.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.names.NameLookup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentSourceTest {
    private static final byte[] DESCRIPTOR = {1, 2, 3};

    @TempDir
    private Path folder;

    @BeforeEach
    void publish() throws IOException {
        Files.write(folder.resolve("descriptor.cbor"), DESCRIPTOR);
        Files.createDirectory(folder.resolve("disclosures"));
        Files.write(folder.resolve("disclosures").resolve("9.cbor"), new byte[] {9});
        Files.write(folder.resolve("disclosures").resolve("10.cbor"), new byte[] {10});
    }

    @Test
    void readsAFolderAndAFile() throws IOException {
        assertHasAll(DocumentSource.of(folder.toString()));
        assertThat(DocumentSource.of(folder.resolve("descriptor.cbor").toString())
                        .descriptor())
                .isEqualTo(DESCRIPTOR);
    }

    @Test
    void readsAServer() throws Exception {
        try (DocumentServer server = DocumentServer.open(loopback(), folder)) {
            final String url = "http://127.0.0.1:" + server.address().getPort();
            assertHasAll(DocumentSource.of(url));
            assertHasAll(DocumentSource.of(url + "/"));
            assertHasAll(DocumentSource.of(url + "/descriptor"));

            assertThat(status(url + "/", "GET")).isEqualTo(404);
            assertThat(status(url + "/descriptor.cbor", "GET")).isEqualTo(404);
            assertThat(status(url + "/disclosures/../descriptor", "GET")).isEqualTo(404);
            assertThat(status(url + "/disclosures/-1", "GET")).isEqualTo(404);
            assertThat(status(url + "/descriptor", "POST")).isEqualTo(405);
        }
    }

    /** The server has the last address alone; the others refuse, and the first is the one that the JDK would go to. */
    @Test
    void triesAllAddressesOfAName() throws Exception {
        final InetAddress last = InetAddress.ofLiteral("127.0.0.3");
        final List<InetAddress> addresses =
                List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.2"), last);
        try (ServerSocket server = new ServerSocket(0, 1, last)) {
            final CompletableFuture<String> request = CompletableFuture.supplyAsync(() -> answerOnce(server));
            final String name = "localhost:" + server.getLocalPort();

            final byte[] found = DocumentSource.of("http://" + name, Duration.ofSeconds(30), host -> addresses)
                    .descriptor();

            assertThat(found).isEqualTo(DESCRIPTOR);
            assertThat(request.get(30, TimeUnit.SECONDS)).contains("\r\nHost: " + name + "\r\n");
        }
    }

    @Test
    void aNameWhoseAddressesAllRefuseIsToldWithEach() throws IOException {
        final List<InetAddress> addresses =
                List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.2"));
        // Bound and not listening: connections are refused, and no other program takes the port.
        try (Socket held = new Socket()) {
            held.bind(new InetSocketAddress(0));
            final int port = held.getLocalPort();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> DocumentSource.of(
                                    "http://localhost:" + port, Duration.ofSeconds(30), host -> addresses)
                            .descriptor())
                    .withMessageContaining("localhost:" + port + ": none of its 2 addresses: ")
                    .withMessageContaining("http://127.0.0.2:" + port);
        }
    }

    private static String answerOnce(ServerSocket server) {
        try (Socket socket = server.accept()) {
            final StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n") < 0) {
                request.append((char) socket.getInputStream().read());
            }
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Length: " + DESCRIPTOR.length + "\r\n\r\n").getBytes(US_ASCII));
            socket.getOutputStream().write(DESCRIPTOR);
            return request.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void tellsThatNothingIsThere() throws IOException {
        final Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DocumentSource.fetchDescriptor(empty.toString()))
                .withMessageContaining("no descriptor there: " + empty);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        DocumentSource.of(folder.resolve("absent").toString()).latest());
        try (DocumentServer server = DocumentServer.open(loopback(), empty)) {
            final String url = "http://127.0.0.1:" + server.address().getPort();
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> DocumentSource.fetchDescriptor(url))
                    .withMessageContaining("no descriptor there");
            assertThat(DocumentSource.of(url).latest()).isEmpty();
        }
    }

    @Test
    void saysInWordsThatNoServerIsThere() throws IOException {
        final int port;
        try (DocumentServer server = DocumentServer.open(loopback(), folder)) {
            port = server.address().getPort();
        }
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DocumentSource.fetchDescriptor("http://127.0.0.1:" + port))
                .withMessage("cannot fetch http://127.0.0.1:" + port + "/descriptor: no server answers there");
    }

    @Test
    void boundsTheLength() throws IOException {
        Files.write(folder.resolve("descriptor.cbor"), new byte[4_097]);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DocumentSource.fetchDescriptor(folder.toString()));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DocumentSource.fetchDescriptor(
                        folder.resolve("descriptor.cbor").toString()));
        answering("HTTP/1.1 200 OK\r\nContent-Length: 4097\r\n\r\n" + "x".repeat(4_097), Duration.ofSeconds(30));
    }

    @Test
    void boundsTheTime() throws IOException {
        answering("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\nx", Duration.ofMillis(300));
    }

    @Test
    void followsNoRedirect() throws IOException {
        answering(
                "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
                Duration.ofSeconds(30));
    }

    @Test
    void refusesOtherLocations() {
        for (String wrong : new String[] {"http://", "http:// a", "https://host/?q", "http://h/#f", "a\0b"}) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> DocumentSource.of(wrong));
        }
    }

    /** A server that gives every request that answer, then keeps the connection. */
    private static void answering(String answer, Duration timeout) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final Thread thread = Thread.ofPlatform().daemon().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(answer.getBytes(US_ASCII));
                    socket.getOutputStream().flush();
                    socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // the client has gone
                }
            });
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> DocumentSource.of(
                                    "http://127.0.0.1:" + server.getLocalPort(), timeout, NameLookup.SYSTEM)
                            .descriptor())
                    .withMessageContaining("127.0.0.1");
            thread.interrupt();
        }
    }

    private static void assertHasAll(DocumentSource source) throws IOException {
        assertThat(source.descriptor()).isEqualTo(DESCRIPTOR);
        assertThat(source.disclosure(9))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(9));
        assertThat(source.disclosure(8)).isEmpty();
        assertThat(source.latest())
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(10));
    }

    private static int status(String url, String method) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            final HttpResponse<Void> response = client.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.discarding());
            return response.statusCode();
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
