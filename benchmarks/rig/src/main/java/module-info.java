/** Measuring rig: throughput, knee, cost of features, floods and latency of whole relays, and the pages of kept runs. */
module io.millrace.rig {
    requires io.millrace.natives;
    requires transitive io.millrace.node;
    requires transitive com.fasterxml.jackson.databind;
    requires HdrHistogram;
    requires io.millrace.map;
    requires java.desktop;
    requires java.management;
    requires jdk.jfr;
    requires jdk.management;
    requires xchart;

    exports io.millrace.rig.attack;
    exports io.millrace.rig.bed;
    exports io.millrace.rig.bench;
    exports io.millrace.rig.cores;
    exports io.millrace.rig.explain;
    exports io.millrace.rig.flood;
    exports io.millrace.rig.htx;
    exports io.millrace.rig.input;
    exports io.millrace.rig.judge;
    exports io.millrace.rig.knee;
    exports io.millrace.rig.matrix;
    exports io.millrace.rig.measure;
    exports io.millrace.rig.process;
    exports io.millrace.rig.progress;
    exports io.millrace.rig.receipts;
    exports io.millrace.rig.report;
    exports io.millrace.rig.twin;

    // Records that become JSON, or come from it.
    opens io.millrace.rig.attack to
            com.fasterxml.jackson.databind;
    opens io.millrace.rig.flood to
            com.fasterxml.jackson.databind;
    opens io.millrace.rig.knee.subject to
            com.fasterxml.jackson.databind;
}
