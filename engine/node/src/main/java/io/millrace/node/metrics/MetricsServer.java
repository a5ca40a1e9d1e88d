package io.millrace.node.metrics;

import io.millrace.http.HttpLimits;
import io.millrace.text.ConfigException;
import io.millrace.text.HostPort;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Answers scrapes at {@code /metrics} until it is closed, each on a virtual thread, within the limits of
 * {@link HttpLimits}.
 */
public final class MetricsServer implements AutoCloseable {
    private final HTTPServer server;
    private final InetSocketAddress address;

    private MetricsServer(HTTPServer server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Listens.
     *
     * @param listen port 0 lets the system choose.
     * @param figures asked at every scrape, from several threads.
     * @throws ConfigException if the address cannot be had.
     */
    public static MetricsServer open(InetSocketAddress listen, MultiCollector figures) {
        final PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(figures);
        try {
            // Separate properties: those of the process could move the port.
            final HTTPServer server = HTTPServer.builder(
                            PrometheusProperties.builder().build())
                    .inetAddress(listen.getAddress())
                    .port(listen.getPort())
                    .registry(registry)
                    .executorService(HttpLimits.executor())
                    .buildAndStart();
            return new MetricsServer(server, new InetSocketAddress(listen.getAddress(), server.getPort()));
        } catch (IOException e) {
            throw new ConfigException("cannot serve metrics at " + HostPort.text(listen) + ": " + e.getMessage(), e);
        }
    }

    /** Where it listens, with the port that was chosen. */
    public InetSocketAddress address() {
        return address;
    }

    /** Ends; a scrape under way is cut off. */
    @Override
    public void close() {
        server.close();
    }
}
