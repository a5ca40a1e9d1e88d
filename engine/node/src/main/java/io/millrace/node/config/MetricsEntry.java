package io.millrace.node.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The table {@code [metrics]}: where the relay answers scrapes, and where it keeps its counters for other processes.
 *
 * @param listen for scrapes, if it has any; on loopback unless the file says {@code beyond-loopback = true}, since every
 *     client that reaches it reads all figures; port 0 lets the system choose.
 * @param counters folder of the counters file, if it has one, absolute.
 */
public record MetricsEntry(Optional<InetSocketAddress> listen, Optional<Path> counters) {
    private static final Key<InetSocketAddress> LISTEN = Key.of(
            "listen",
            ValueForms.address(),
            "127.0.0.1:9100",
            "Serves figures for Prometheus at this address, on loopback unless beyond-loopback is true.");

    private static final Key<Path> COUNTERS = Key.of(
            "counters",
            ValueForms.folder(),
            "r1.counters",
            "Keeps the counters in a memory-mapped file in this folder, for millrace stat.");

    private static final Key<Boolean> BEYOND_LOOPBACK = beyondLoopback("figures");

    /** The table. */
    static final Section SECTION = new Section(
            "metrics",
            false,
            "Publishes the counters of a relay; needs listen, counters or both.",
            List.of(LISTEN, COUNTERS, BEYOND_LOOPBACK));

    static MetricsEntry of(Given given) {
        if (!given.has(LISTEN) && !given.has(COUNTERS)) {
            throw given.wrongTable("needs listen or counters; write " + LISTEN.line());
        }
        return new MetricsEntry(listen(given, LISTEN, BEYOND_LOOPBACK), given.get(COUNTERS));
    }

    /**
     * The key by which a table allows an address that other machines reach.
     *
     * @param served figures or documents.
     */
    static Key<Boolean> beyondLoopback(String served) {
        return Key.of(
                        "beyond-loopback",
                        ValueForms.flag(),
                        "true",
                        "Allows listen to be an address where other machines read the " + served + ".")
                .or(false);
    }

    /** An address to serve at, on loopback unless the table says {@code beyond-loopback = true}. */
    static Optional<InetSocketAddress> listen(Given given, Key<InetSocketAddress> key, Key<Boolean> beyondLoopback) {
        final Optional<InetSocketAddress> listen = given.get(key);
        if (listen.isPresent()
                && !given.value(beyondLoopback)
                && !listen.get().getAddress().isLoopbackAddress()) {
            throw given.wrong(
                    "is not on loopback; other machines could read it, so it needs " + beyondLoopback.name()
                            + " = true",
                    key);
        }
        return listen;
    }
}
