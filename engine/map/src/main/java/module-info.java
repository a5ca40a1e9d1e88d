/** Maps of off-heap bytes on disk, in Chronicle Map. */
module io.millrace.map {
    requires transitive io.millrace.state;
    requires chronicle.bytes;
    requires chronicle.core;
    requires chronicle.map;
    requires chronicle.wire;

    exports io.millrace.map;

    // The marshallers are made by name when a file is opened.
    opens io.millrace.map to
            chronicle.core,
            chronicle.wire;
}
