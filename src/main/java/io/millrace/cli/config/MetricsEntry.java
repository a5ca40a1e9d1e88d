package io.millrace.cli.config;

import java.net.InetSocketAddress;

/**
 * The section {@code [metrics]}: where the relay answers scrapes.
 *
 * @param listen on loopback unless the file says {@code beyond-loopback = true}, since whoever reaches it reads all
 *     figures; port 0 lets the system choose.
 */
public record MetricsEntry(InetSocketAddress listen) {
    private static final String LISTEN = "listen";
    private static final String BEYOND_LOOPBACK = "beyond-loopback";

    static MetricsEntry read(TomlTable table) {
        final MetricsEntry entry = new MetricsEntry(HostPort.read(table, LISTEN, 0));
        if (!table.flag(BEYOND_LOOPBACK) && !entry.listen().getAddress().isLoopbackAddress()) {
            throw table.wrong(
                    "is not on loopback; anybody could read the figures, so it needs " + BEYOND_LOOPBACK + " = true",
                    LISTEN,
                    table.text(LISTEN));
        }
        table.finish();
        return entry;
    }
}
