package io.millrace.cli.node;

import io.millrace.cli.config.PeerEntry;
import io.millrace.cli.config.RelayFile;
import io.millrace.cli.console.Version;
import io.millrace.cli.metrics.MetricsServer;
import io.millrace.cli.metrics.RelayMetrics;
import io.millrace.crypto.Sodium;
import io.millrace.text.HostPort;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Optional;

/**
 * The figures of a relay for Prometheus, if its file asks for them.
 *
 * @param server answers scrapes.
 */
record NodeMetrics(Optional<MetricsServer> server) implements AutoCloseable {
    /**
     * Listens where the file says.
     *
     * @param relay asked at every scrape; closed after this.
     * @param entropy asked at every scrape.
     * @throws io.millrace.cli.console.UsageError if the address cannot be had.
     */
    static NodeMetrics open(RelayFile file, EngineSettings settings, RelayNode relay, LiveEntropy entropy) {
        final Node node = relay.node();
        return new NodeMetrics(file.metrics()
                .map(entry -> MetricsServer.open(
                        entry.listen(),
                        new RelayMetrics(
                                build(settings),
                                node.engine(),
                                file.peers().stream().map(PeerEntry::name).toList(),
                                () -> node.receipts().map(NodeReceipts::counters),
                                () -> entropy.bits(node.engine().counters()),
                                () -> relay.epochs().map(RelayEpochs::failures).orElse(0L)))));
    }

    /** Address of the metrics, for the end of the line that says that the relay is ready; may be empty. */
    String ready() {
        return server.map(each -> "; metrics at http://" + HostPort.text(each.address()) + "/metrics")
                .orElse("");
    }

    @Override
    public void close() {
        server.ifPresent(MetricsServer::close);
    }

    private static Labels build(EngineSettings settings) {
        return Labels.of(
                "version", Version.program(),
                "jdk", Runtime.version().toString(),
                "provider", settings.crypto().name(),
                "libsodium", Sodium.version());
    }
}
