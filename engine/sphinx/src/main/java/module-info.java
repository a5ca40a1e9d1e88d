/** Sphinx packets, verifiable random functions, and the delays that follow from them. */
module io.millrace.sphinx {
    requires transitive io.millrace.core;

    exports io.millrace.sphinx;
    exports io.millrace.vrf;
    exports io.millrace.wheel;
}
