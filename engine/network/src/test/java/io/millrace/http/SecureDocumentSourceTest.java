package io.millrace.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.millrace.test.ProcessRun;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptors by HTTPS from a name with several addresses: the certificate is the name's, whichever address answers. */
@Timeout(120)
class SecureDocumentSourceTest {
    private static final byte[] DESCRIPTOR = {1, 2, 3};
    private static final char[] PASSWORD = "changeit".toCharArray();

    /** The server has the last one; the first is the one that the JDK would go to. */
    private static final List<InetAddress> ADDRESSES = List.of(
            InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.3"));

    @TempDir
    private Path folder;

    private SSLContext before;
    private HttpsServer server;

    @BeforeEach
    void rememberTheDefault() throws Exception {
        before = SSLContext.getDefault();
    }

    @AfterEach
    void stop() {
        SSLContext.setDefault(before);
        if (server != null) {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost."})
    void triesAllAddressesAndChecksTheName(String host) throws Exception {
        serve("dns:localhost");

        assertThat(source(host).descriptor()).isEqualTo(DESCRIPTOR);
    }

    @Test
    void refusesTheCertificateOfAnotherName() throws Exception {
        serve("dns:other.test");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> source("localhost").descriptor())
                .withMessageContaining("none of its 3 addresses")
                .withMessageContaining("localhost");
    }

    private DocumentSource source(String host) {
        return DocumentSource.of(
                "https://" + host + ":" + server.getAddress().getPort(), Duration.ofSeconds(60), name -> ADDRESSES);
    }

    /** Serves the descriptor under a certificate for {@code name}, which the process trusts. */
    private void serve(String name) throws Exception {
        final SSLContext context = context(certificate(name));
        SSLContext.setDefault(context);
        server = HttpsServer.create(new InetSocketAddress(ADDRESSES.getLast(), 0), 8);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/descriptor", exchange -> {
            exchange.sendResponseHeaders(200, DESCRIPTOR.length);
            exchange.getResponseBody().write(DESCRIPTOR);
            exchange.close();
        });
        server.start();
    }

    private Path certificate(String name) throws IOException, InterruptedException {
        final Path store = folder.resolve("server.p12");
        final ProcessRun keytool = ProcessRun.of(new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=server",
                "-ext",
                "san=" + name,
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString()));
        assertThat(keytool.exitCode()).as(keytool.out() + keytool.err()).isZero();
        return store;
    }

    private static SSLContext context(Path store) throws Exception {
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        final KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        final TrustManagerFactory others = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        others.init(trusted);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return context;
    }
}
