package io.millrace.http;

import io.millrace.directory.DelayDisclosure;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.RelayDescriptor;
import io.millrace.names.HostAddresses;
import io.millrace.names.NameLookup;
import io.millrace.text.HostPort;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

/**
 * Place from which the documents of one relay are fetched: a folder, a descriptor file, or the URL of a
 * {@link DocumentServer}. Documents are not verified here.
 *
 * <p>A fetch by HTTP takes at most {@link #TIMEOUT}, follows no redirect, and reads at most 4,096 bytes. Where the host is a
 * name with several addresses, all are tried in turn, each for its share of that time. Threading: any.
 */
public final class DocumentSource {
    /** Longest time for one document by HTTP. */
    public static final Duration TIMEOUT = Duration.ofSeconds(20);

    static {
        // The JDK's client goes to the first address of a name alone; to another one a request must say its host
        // itself.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private final String location;
    private final URI base;
    private final Path path;
    private final Duration timeout;
    private final NameLookup lookup;

    private DocumentSource(String location, URI base, Path path, Duration timeout, NameLookup lookup) {
        this.lookup = lookup;
        this.location = location;
        this.base = base;
        this.path = path;
        this.timeout = timeout;
    }

    /**
     * Makes a source; reads nothing yet.
     *
     * @param location path of a folder or of a descriptor file, or an {@code http} or {@code https} URL, with or without
     *     {@code /descriptor} at its end.
     * @throws IllegalArgumentException if it is neither.
     */
    public static DocumentSource of(String location) {
        return of(location, TIMEOUT, NameLookup.SYSTEM);
    }

    static DocumentSource of(String location, Duration timeout, NameLookup lookup) {
        if (location.startsWith("http://") || location.startsWith("https://")) {
            try {
                final String trimmed = location.replaceFirst("(/descriptor)?/*$", "");
                final URI base = new URI(trimmed);
                if (base.getHost() == null || base.getQuery() != null || base.getFragment() != null) {
                    throw new IllegalArgumentException("not the URL of a relay's documents: location=" + location);
                }
                return new DocumentSource(location, base, null, timeout, lookup);
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("not a URL: location=" + location, e);
            }
        }
        try {
            return new DocumentSource(location, null, Path.of(location), timeout, lookup);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not a path: location=" + location, e);
        }
    }

    /**
     * Fetches the descriptor of a place in one step.
     *
     * @param location as for {@link #of(String)}.
     * @throws IOException if there is none, it is too long, or the place does not answer in time.
     */
    public static byte[] fetchDescriptor(String location) throws IOException {
        return of(location).descriptor();
    }

    /**
     * Fetches the descriptor.
     *
     * @return the document, not verified.
     * @throws IOException if there is none, it is too long, or the place does not answer in time.
     */
    public byte[] descriptor() throws IOException {
        final Optional<byte[]> found;
        if (base != null) {
            found = get("/descriptor");
        } else if (Files.isRegularFile(path)) {
            found = Optional.of(readFile());
        } else {
            found = FolderPublisher.reader(path).descriptor();
        }
        return found.orElseThrow(() -> new FileNotFoundException("no descriptor there: " + location));
    }

    /**
     * Fetches the disclosure of an epoch.
     *
     * @param epoch 0 or more.
     * @return the document, not verified; empty if the place has none.
     * @throws IOException if it is too long, or the place does not answer in time.
     */
    public Optional<byte[]> disclosure(long epoch) throws IOException {
        return base != null
                ? get("/disclosures/" + epoch)
                : FolderPublisher.reader(folder()).disclosure(epoch);
    }

    /**
     * Fetches the newest disclosure.
     *
     * @return the document, not verified; empty if the place has none.
     * @throws IOException if it is too long, or the place does not answer in time.
     */
    public Optional<byte[]> latest() throws IOException {
        if (base != null) {
            return get("/disclosures/latest");
        }
        final FolderPublisher reader = FolderPublisher.reader(folder());
        final OptionalLong latest = reader.latest();
        return latest.isEmpty() ? Optional.empty() : reader.disclosure(latest.getAsLong());
    }

    /** The location as it was given. */
    @Override
    public String toString() {
        return location;
    }

    private Path folder() throws IOException {
        if (!Files.isDirectory(path)) {
            throw new FileNotFoundException("not a folder of published documents: " + location);
        }
        return path;
    }

    private byte[] readFile() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            final byte[] document = in.readNBytes(RelayDescriptor.MAX_LENGTH + 1);
            if (document.length > RelayDescriptor.MAX_LENGTH) {
                throw new IOException("longer than " + RelayDescriptor.MAX_LENGTH + " bytes: " + location);
            }
            return document;
        }
    }

    private Optional<byte[]> get(String document) throws IOException {
        final URI uri = URI.create(base + document);
        final String host = base.getHost();
        if (host.startsWith("[") || HostAddresses.literal(new HostPort(host, 0)).isPresent()) {
            return get(uri, uri, timeout);
        }
        final long began = System.nanoTime();
        final HostPort at = new HostPort(host, port(base));
        final List<InetAddress> all = HostAddresses.resolve(at, lookup).stream()
                .map(InetSocketAddress::getAddress)
                .toList();
        return HostAddresses.tryAll(at, name -> all, address -> {
            final long left = (long) all.size() - all.indexOf(address.getAddress());
            final Duration each = timeout.minusNanos(System.nanoTime() - began).dividedBy(left);
            return get(uri, left == all.size() ? uri : withAddress(uri, address), each);
        });
    }

    private static int port(URI uri) {
        final int standard = uri.getScheme().equals("https") ? 443 : 80;
        return uri.getPort() == -1 ? standard : uri.getPort();
    }

    private static URI withAddress(URI uri, InetSocketAddress address) {
        return URI.create(uri.getScheme() + "://" + HostPort.text(address) + uri.getRawPath());
    }

    /** A client for one request to {@code at}, which is {@code uri} with its host or with an address of it. */
    private static HttpClient client(URI uri, URI at, Duration within) {
        final HttpClient.Builder client =
                HttpClient.newBuilder().connectTimeout(within).followRedirects(HttpClient.Redirect.NEVER);
        if (!at.equals(uri)) {
            final SSLParameters name = new SSLParameters();
            name.setServerNames(List.of(new SNIHostName(uri.getHost().replaceFirst("\\.$", ""))));
            client.sslParameters(name).version(HttpClient.Version.HTTP_1_1);
        }
        return client.build();
    }

    private static Optional<byte[]> get(URI uri, URI at, Duration within) throws IOException {
        final HttpRequest.Builder request =
                HttpRequest.newBuilder(at).timeout(within).GET();
        if (!at.equals(uri)) {
            request.header("Host", uri.getRawAuthority());
        }
        final HttpClient client = client(uri, at, within);
        try {
            final HttpResponse<byte[]> response = client.sendAsync(
                            request.build(),
                            BodyHandlers.limiting(BodyHandlers.ofByteArray(), DelayDisclosure.MAX_LENGTH))
                    .get(within.toMillis(), TimeUnit.MILLISECONDS);
            return switch (response.statusCode()) {
                case 200 -> Optional.of(response.body());
                case 404 -> Optional.empty();
                default -> throw new IOException(at + " answers with status " + response.statusCode());
            };
        } catch (TimeoutException e) {
            throw new IOException(at + " does not answer within " + within.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException("cannot fetch " + at + ": " + reason(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while fetching " + uri);
        } finally {
            client.shutdownNow();
        }
    }

    /** The JDK gives no message for a refused connection. */
    private static String reason(Throwable failure) {
        if (failure.getMessage() != null) {
            return failure.getMessage();
        }
        return failure instanceof ConnectException
                ? "no server answers there"
                : failure.getClass().getSimpleName();
    }
}
