/** FFM bindings to libsodium, for {@code io.millrace.engine} and for benchmarks on the class path. */
@SuppressWarnings("module") // the module that this one exports to is built after it
module io.millrace.natives {
    exports io.millrace.natives to
            io.millrace.engine;
}
