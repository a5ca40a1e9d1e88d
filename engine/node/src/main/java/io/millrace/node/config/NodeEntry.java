package io.millrace.node.config;

import io.millrace.htx.handshake.HybridMode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The section {@code [relay]} or {@code [client]}: who this program is.
 *
 * @param name for people, in logs and tables.
 * @param listen where it receives; port 0 lets the system choose.
 * @param key its key file, absolute.
 * @param hybrid whether its links' handshakes are hybrid; {@code offered} by default.
 */
public record NodeEntry(String name, InetSocketAddress listen, Path key, HybridMode hybrid) {
    static NodeEntry read(TomlTable table) {
        final NodeEntry entry = new NodeEntry(
                table.text("name"),
                table.address("listen", 0),
                table.optionalPath("key").orElseThrow(() -> table.wrong("missing", "key")),
                hybrid(table));
        table.finish();
        return entry;
    }

    private static HybridMode hybrid(TomlTable table) {
        final Optional<String> label = table.optionalText("hybrid");
        return label.isEmpty()
                ? HybridMode.OFFERED
                : HybridMode.of(label.get())
                        .orElseThrow(() -> table.wrong("must be off, offered or required", "hybrid", label.get()));
    }
}
