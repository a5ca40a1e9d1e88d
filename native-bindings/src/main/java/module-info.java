/** FFM bindings to libsodium, for the engine's artifacts and for benchmarks on the class path. */
@SuppressWarnings("module") // the modules that this one exports to are built after it
module io.millrace.natives {
    exports io.millrace.natives to
            io.millrace.core,
            io.millrace.engine,
            io.millrace.rig;
}
