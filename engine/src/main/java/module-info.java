/** The Millrace relay engine: protocols, pipeline and embedding API. */
module io.millrace.engine {
    requires io.millrace.natives;
    requires com.lmax.disruptor;
    requires transitive HdrHistogram;

    exports io.millrace.carrier;
    exports io.millrace.config;
    exports io.millrace.crypto;
    exports io.millrace.htx;
    exports io.millrace.memory;
    exports io.millrace.metrics;
    exports io.millrace.noise;
    exports io.millrace.relay;
    exports io.millrace.sphinx;
    exports io.millrace.vrf;
    exports io.millrace.wheel;
}
