/** The Millrace relay engine: protocols, pipeline and embedding API. */
module io.millrace.engine {
    requires transitive io.millrace.link;
    requires transitive io.millrace.sphinx;
    requires transitive io.millrace.state;
    requires io.millrace.natives;
    requires java.management;
    requires jdk.jfr;
    requires com.lmax.disruptor;
    requires org.agrona;
    requires transitive HdrHistogram;

    exports io.millrace.carrier;
    exports io.millrace.config;
    exports io.millrace.relay;
    exports io.millrace.relay.epoch;
    exports io.millrace.relay.packet;
    exports io.millrace.relay.peer;
    exports io.millrace.relay.receipts;
}
