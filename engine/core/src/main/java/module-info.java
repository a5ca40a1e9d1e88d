/** Foundation of every part of Millrace: memory outside the heap, cryptography, CBOR, clocks and counters. */
@SuppressWarnings("module") // the modules that this one exports to are built after it
module io.millrace.core {
    requires io.millrace.natives;

    exports io.millrace.cbor;
    exports io.millrace.crypto;
    exports io.millrace.crypto.provider;
    exports io.millrace.files;
    exports io.millrace.memory;
    exports io.millrace.metrics;
    exports io.millrace.thread to
            io.millrace.engine,
            io.millrace.link,
            io.millrace.rig,
            io.millrace.state;
}
