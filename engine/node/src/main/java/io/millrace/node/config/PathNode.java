package io.millrace.node.config;

import java.util.List;
import java.util.Optional;

/**
 * One {@code [[node]]}: a relay or client that packets of this program may pass or end at, and that is no neighbour.
 *
 * @param name for people and for routes; unique in the file, peers included.
 * @param publicKey X25519 public key in lower-case hex, 32 bytes, of one that keeps its key.
 * @param rolling where the keys of one whose keys change are. Exactly one of both is given.
 */
public record PathNode(String name, Optional<String> publicKey, Optional<DescriptorEntry> rolling) {
    static final Key<String> NAME = Key.of(
                    "name", ValueForms.text(), "r3", "Names the node in routes; unique in the file.")
            .required();

    /** The table. */
    static final Section SECTION = new Section(
            "node",
            true,
            "Names a relay or client further along a route, to which this client has no link.",
            List.of(NAME, PeerEntry.PUBLIC_KEY, DescriptorEntry.IDENTITY, DescriptorEntry.DESCRIPTOR));

    static PathNode of(Given given) {
        final PathNode node =
                new PathNode(given.value(NAME), given.get(PeerEntry.PUBLIC_KEY), DescriptorEntry.of(given));
        if (node.publicKey().isPresent() == node.rolling().isPresent()) {
            throw given.wrong("needs public-key, or identity and descriptor", NAME);
        }
        return node;
    }
}
