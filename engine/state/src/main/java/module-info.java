/** State on disk: durable logs, signed receipts in a Merkle log, and replicated documents. */
module io.millrace.state {
    requires transitive io.millrace.core;
    requires org.agrona;

    exports io.millrace.crdt;
    exports io.millrace.crdt.op;
    exports io.millrace.crdt.sync;
    exports io.millrace.crdt.type;
    exports io.millrace.receipt;
    exports io.millrace.store;
    exports io.millrace.tlog;
}
