/** State on disk: durable logs, signed receipts in a Merkle log, and replicated documents. */
module io.millrace.state {
    requires transitive io.millrace.core;
    requires org.agrona;
    // Static: a program that opens no map of a store needs none of them.
    requires static chronicle.bytes;
    requires static chronicle.core;
    requires static chronicle.map;
    requires static chronicle.wire;

    exports io.millrace.crdt;
    exports io.millrace.receipt;
    exports io.millrace.store;

    // The marshallers are made by name when a file is opened.
    opens io.millrace.store to
            chronicle.core,
            chronicle.wire;
}
