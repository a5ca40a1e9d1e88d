/** A relay or client as its configuration file says: keys, key epochs, sockets, journal, receipts and metrics. */
module io.millrace.node {
    requires transitive io.millrace.network;
    requires org.agrona;
    requires com.fasterxml.jackson.databind;
    requires com.fasterxml.jackson.dataformat.toml;
    requires io.prometheus.metrics.config;
    requires io.prometheus.metrics.exporter.httpserver;
    requires transitive io.prometheus.metrics.model;

    exports io.millrace.node;
    exports io.millrace.node.config;
    exports io.millrace.node.counters;
    exports io.millrace.node.keys;
    exports io.millrace.node.metrics;
}
