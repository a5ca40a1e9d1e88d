package io.millrace.config;

/** How the work of an engine is spread over threads. Never more spinning threads than cores. */
public enum ThreadingMode {
    /** I/O and engine in one thread, run to completion: the least latency at low rates, one core. */
    SHARED,
    /** One I/O thread, a ring, one engine thread. */
    SPLIT,
    /** One I/O thread, several peel workers on contiguous blocks of the ring, one thread for gate and wheel. */
    PARALLEL,
    /** No thread: the application calls {@code RelayEngine.doWork()} again and again, which does everything that SHARED does. */
    INVOKER
}
