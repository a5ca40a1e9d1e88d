package io.millrace.node.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The section {@code [metrics]}: where the relay answers scrapes, and where it keeps its counters for other processes.
 *
 * @param listen for scrapes, if it has any; on loopback unless the file says {@code beyond-loopback = true}, since every
 *     client that reaches it reads all figures; port 0 lets the system choose.
 * @param counters folder of the counters file, if it has one, absolute.
 */
public record MetricsEntry(Optional<InetSocketAddress> listen, Optional<Path> counters) {
    private static final String LISTEN = "listen";
    private static final String COUNTERS = "counters";
    private static final String BEYOND_LOOPBACK = "beyond-loopback";

    static MetricsEntry read(TomlTable table) {
        final MetricsEntry entry = new MetricsEntry(optionalListen(table, LISTEN), table.optionalFolder(COUNTERS));
        if (entry.listen().isEmpty() && entry.counters().isEmpty()) {
            throw table.wrong("missing, and " + COUNTERS + " too; one of them is needed", LISTEN);
        }
        table.finish();
        return entry;
    }

    /** An address to serve at, on loopback unless the table says {@code beyond-loopback = true}. */
    static Optional<InetSocketAddress> optionalListen(TomlTable table, String key) {
        final boolean beyondLoopback = table.flag(BEYOND_LOOPBACK);
        return table.optionalText(key).map(text -> {
            final InetSocketAddress listen = table.address(key, 0);
            if (!beyondLoopback && !listen.getAddress().isLoopbackAddress()) {
                throw table.wrong(
                        "is not on loopback; other machines could read it, so it needs " + BEYOND_LOOPBACK + " = true",
                        key,
                        text);
            }
            return listen;
        });
    }
}
