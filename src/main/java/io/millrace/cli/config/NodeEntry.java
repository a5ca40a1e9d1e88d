package io.millrace.cli.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * The section {@code [relay]} or {@code [client]}: who this program is.
 *
 * @param name for people, in logs and tables.
 * @param listen where it receives; port 0 lets the system choose.
 * @param key its key file, absolute.
 */
public record NodeEntry(String name, InetSocketAddress listen, Path key) {
    static NodeEntry read(TomlTable table) {
        final NodeEntry entry = new NodeEntry(
                table.text("name"),
                HostPort.read(table, "listen", 0),
                table.optionalPath("key").orElseThrow(() -> table.wrong("missing", "key")));
        table.finish();
        return entry;
    }
}
