package io.millrace.node;

import io.millrace.crypto.Sodium;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.MetricsEntry;
import io.millrace.node.config.PeerEntry;
import io.millrace.node.config.RelayFile;
import io.millrace.node.counters.CountersMirror;
import io.millrace.node.counters.MirrorSource;
import io.millrace.node.metrics.MetricsServer;
import io.millrace.node.metrics.RelayMetrics;
import io.millrace.text.HostPort;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The figures of a relay for others, if its file asks for them: for Prometheus over HTTP, and in a counters file.
 *
 * @param server answers scrapes.
 * @param mirror keeps the counters file.
 */
public record NodeMetrics(Optional<MetricsServer> server, Optional<CountersMirror> mirror) implements AutoCloseable {
    /**
     * Listens, and makes the counters file, where the file of the relay says.
     *
     * @param file of the relay.
     * @param relay asked at every scrape and for every copy of the counters; closed after this.
     * @param entropy asked likewise.
     * @param version of the program that runs the relay.
     * @param notes takes lines for people, from any thread.
     * @throws io.millrace.text.ConfigException if the address cannot be had.
     * @throws IOException if the counters file cannot be made.
     */
    public static NodeMetrics open(
            RelayFile file, RelayNode relay, LiveEntropy entropy, String version, Consumer<String> notes)
            throws IOException {
        final Node node = relay.node();
        final List<String> peers = file.peers().stream().map(PeerEntry::name).toList();
        final Optional<MetricsServer> server = file.metrics()
                .flatMap(MetricsEntry::listen)
                .map(listen -> MetricsServer.open(
                        listen,
                        new RelayMetrics(
                                build(file.engine(), version),
                                node.engine(),
                                peers,
                                () -> node.receipts().map(NodeReceipts::counters),
                                () -> entropy.bits(node.engine().counters()),
                                () -> relay.epochs().map(RelayEpochs::failures).orElse(0L))));
        boolean opened = false;
        try {
            Optional<CountersMirror> mirror = Optional.empty();
            final Optional<Path> counters = file.metrics().flatMap(MetricsEntry::counters);
            if (counters.isPresent()) {
                mirror = Optional.of(CountersMirror.start(
                        counters.get(),
                        file.relay().name(),
                        version,
                        new MirrorSource(
                                node.engine(),
                                peers,
                                () -> node.receipts().map(NodeReceipts::counters),
                                () -> entropy.bits(node.engine().counters()),
                                () -> relay.epochs().map(RelayEpochs::failures).orElse(0L)),
                        notes));
            }
            opened = true;
            return new NodeMetrics(server, mirror);
        } finally {
            if (!opened) {
                server.ifPresent(MetricsServer::close);
            }
        }
    }

    /** Address of the metrics, for the end of the line that says that the relay is ready; may be empty. */
    public String ready() {
        return server.map(each -> "; metrics at http://" + HostPort.text(each.address()) + "/metrics")
                .orElse("");
    }

    @Override
    public void close() {
        server.ifPresent(MetricsServer::close);
        mirror.ifPresent(CountersMirror::close);
    }

    private static Labels build(EngineSettings settings, String version) {
        return Labels.of(
                "version", version,
                "jdk", Runtime.version().toString(),
                "provider", settings.crypto().name(),
                "libsodium", Sodium.version());
    }
}
