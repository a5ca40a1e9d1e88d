package io.millrace.cli.config;

/**
 * One {@code [[node]]}: a relay or client that packets of this program may pass or end at, and that is no neighbour.
 *
 * @param name for people and for routes; unique in the file, peers included.
 * @param publicKey X25519 public key in lower-case hex, 32 bytes.
 */
public record PathNode(String name, String publicKey) {
    static PathNode read(TomlTable table) {
        final PathNode node = new PathNode(
                table.text("name"), PeerEntry.publicKey(table).orElseThrow(() -> table.wrong("missing", "public-key")));
        table.finish();
        return node;
    }
}
