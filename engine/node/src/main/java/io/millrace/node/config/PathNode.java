package io.millrace.node.config;

import java.util.Optional;

/**
 * One {@code [[node]]}: a relay or client that packets of this program may pass or end at, and that is no neighbour.
 *
 * @param name for people and for routes; unique in the file, peers included.
 * @param publicKey X25519 public key in lower-case hex, 32 bytes, of one that keeps its key.
 * @param rolling where the keys of one whose keys change are. Exactly one of both is given.
 */
public record PathNode(String name, Optional<String> publicKey, Optional<DescriptorEntry> rolling) {
    static PathNode read(TomlTable table) {
        final PathNode node = new PathNode(table.text("name"), PeerEntry.publicKey(table), DescriptorEntry.read(table));
        if (node.publicKey().isPresent() == node.rolling().isPresent()) {
            throw table.wrong("needs public-key, or identity and descriptor", "name", node.name());
        }
        table.finish();
        return node;
    }
}
