package io.millrace.node.config;

import java.util.Optional;

/**
 * The keys {@code identity} and {@code descriptor} of a party whose Sphinx keys change: a relay with epochs.
 *
 * @param identity Ed25519 public key in lower-case hex, 32 bytes; it signs the descriptor.
 * @param location of the descriptor: an {@code http} or {@code https} URL as written, or the absolute path of the folder
 *     that the relay publishes to.
 */
public record DescriptorEntry(String identity, String location) {
    private static final String IDENTITY = "identity";
    private static final String DESCRIPTOR = "descriptor";

    static Optional<DescriptorEntry> read(TomlTable table) {
        final Optional<String> identity = table.optionalHex(IDENTITY, PeerEntry.PUBLIC_KEY_LENGTH);
        final Optional<String> descriptor = table.optionalText(DESCRIPTOR);
        if (identity.isEmpty() && descriptor.isEmpty()) {
            return Optional.empty();
        }
        if (identity.isEmpty() || descriptor.isEmpty()) {
            throw table.wrong("missing", identity.isEmpty() ? IDENTITY : DESCRIPTOR);
        }
        final String text = descriptor.get();
        final boolean url = text.startsWith("http://") || text.startsWith("https://");
        return Optional.of(new DescriptorEntry(
                identity.get(),
                url ? text : table.optionalPath(DESCRIPTOR).orElseThrow().toString()));
    }
}
