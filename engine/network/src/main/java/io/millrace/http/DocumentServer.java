package io.millrace.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.directory.FolderPublisher;
import io.millrace.text.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTP endpoint for the documents in a folder: {@code GET /descriptor}, {@code /disclosures/EPOCH} and
 * {@code /disclosures/latest}. Answers every request from the files as they are at that moment.
 *
 * <p>Each request has a virtual thread, within the limits of {@link HttpLimits}. Threading: any.
 */
public final class DocumentServer implements AutoCloseable {
    private static final Pattern DISCLOSURE = Pattern.compile("/disclosures/(latest|[0-9]{1,18})");

    private final HttpServer server;
    private final HttpLimits threads;
    private final FolderPublisher folder;

    private DocumentServer(HttpServer server, HttpLimits threads, Path folder) {
        this.server = server;
        this.threads = threads;
        this.folder = FolderPublisher.reader(folder);
    }

    /**
     * Listens.
     *
     * @param listen address; port 0 lets the system choose.
     * @param folder with the documents, see {@link FolderPublisher}.
     * @throws IOException if the address cannot be bound.
     */
    public static DocumentServer open(InetSocketAddress listen, Path folder) throws IOException {
        final HttpLimits threads = HttpLimits.executor();
        final HttpServer http;
        try {
            http = HttpServer.create(listen, 0);
        } catch (IOException e) {
            throw new IOException("cannot serve documents at " + HostPort.text(listen) + ": " + e.getMessage(), e);
        }
        final DocumentServer server = new DocumentServer(http, threads, folder);
        http.createContext("/", server::answer);
        http.setExecutor(threads);
        http.start();
        return server;
    }

    /** Address with the port that was chosen. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Stops listening and cuts requests off. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            final Optional<byte[]> document = find(exchange.getRequestURI().getPath());
            if (document.isEmpty()) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/cbor");
            exchange.getResponseHeaders().set("Cache-Control", "no-cache");
            exchange.sendResponseHeaders(200, document.get().length);
            exchange.getResponseBody().write(document.get());
        }
    }

    private Optional<byte[]> find(String path) throws IOException {
        if (path.equals("/descriptor")) {
            return folder.descriptor();
        }
        final Matcher matcher = DISCLOSURE.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        final OptionalLong epoch =
                matcher.group(1).equals("latest") ? folder.latest() : OptionalLong.of(Long.parseLong(matcher.group(1)));
        return epoch.isEmpty() ? Optional.empty() : folder.disclosure(epoch.getAsLong());
    }
}
