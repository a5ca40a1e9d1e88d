/** State on disk: durable logs, signed receipts in a Merkle log, and replicated documents. */
module io.millrace.state {
    requires transitive io.millrace.core;
    requires org.agrona;

    exports io.millrace.crdt;
    exports io.millrace.receipt;
    exports io.millrace.store;
}
