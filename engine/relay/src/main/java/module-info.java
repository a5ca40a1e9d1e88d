/** The Millrace relay engine: protocols, pipeline and embedding API. */
module io.millrace.engine {
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
    exports io.millrace.cbor;
    exports io.millrace.config;
    exports io.millrace.crdt;
    exports io.millrace.crypto;
    exports io.millrace.directory;
    exports io.millrace.endpoint;
    exports io.millrace.htx;
    exports io.millrace.htx.admission;
    exports io.millrace.memory;
    exports io.millrace.metrics;
    exports io.millrace.noise;
    exports io.millrace.receipt;
    exports io.millrace.relay;
    exports io.millrace.sphinx;
    exports io.millrace.store;
    exports io.millrace.vrf;
    exports io.millrace.wheel;

    // The marshallers are made by name when a file is opened.
    opens io.millrace.store to
            chronicle.core,
            chronicle.wire;
}
