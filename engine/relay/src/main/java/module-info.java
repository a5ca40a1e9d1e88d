/** The Millrace relay engine: protocols, pipeline and embedding API. */
module io.millrace.engine {
    requires transitive io.millrace.link;
    requires transitive io.millrace.sphinx;
    requires io.millrace.natives;
    requires java.management;
    requires jdk.jfr;
    requires com.lmax.disruptor;
    requires transitive HdrHistogram;
    // Static: whoever opens no map of a store needs none of them.
    requires static chronicle.bytes;
    requires static chronicle.core;
    requires static chronicle.map;
    requires static chronicle.wire;

    exports io.millrace.carrier;
    exports io.millrace.config;
    exports io.millrace.crdt;
    exports io.millrace.directory;
    exports io.millrace.receipt;
    exports io.millrace.relay;
    exports io.millrace.store;

    // The marshallers are made by name when a file is opened.
    opens io.millrace.store to
            chronicle.core,
            chronicle.wire;
}
