/** FFM bindings to libsodium, for {@code io.millrace.engine} and for benchmarks. */
module io.millrace.natives {
    exports io.millrace.natives;
}
