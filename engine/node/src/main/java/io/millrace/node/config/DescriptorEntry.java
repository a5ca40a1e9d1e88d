package io.millrace.node.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The keys {@code identity} and {@code descriptor} of a party whose Sphinx keys change: a relay with epochs.
 *
 * @param identity Ed25519 public key in lower-case hex, 32 bytes; it signs the descriptor.
 * @param location of the descriptor: an {@code http} or {@code https} URL as written, or the absolute path of the folder
 *     that the relay publishes to.
 */
public record DescriptorEntry(String identity, String location) {
    static final Key<String> IDENTITY = Key.of(
            "identity",
            ValueForms.hex(PeerEntry.PUBLIC_KEY_LENGTH),
            "1f".repeat(PeerEntry.PUBLIC_KEY_LENGTH),
            "Gives the Ed25519 key of a relay whose keys change; it signs the descriptor. Needs descriptor.");

    static final Key<String> DESCRIPTOR = Key.of(
            "descriptor",
            locationForm(),
            "http://127.0.0.1:9202",
            "Gives the place of the descriptor: the folder that the relay publishes to, or a URL. Needs identity.");

    /** Both, or neither. */
    static Optional<DescriptorEntry> of(Given given) {
        final Optional<String> identity = given.get(IDENTITY);
        final Optional<String> descriptor = given.get(DESCRIPTOR);
        if (identity.isPresent() != descriptor.isPresent()) {
            throw given.missing(identity.isEmpty() ? IDENTITY : DESCRIPTOR);
        }
        return identity.map(each -> new DescriptorEntry(each, descriptor.orElseThrow()));
    }

    private static ValueForm<String> locationForm() {
        final ValueForm<Path> folder = ValueForms.file();
        return new ValueForm<>(
                folder.toml(),
                "folder or URL",
                "a path, relative to this file's folder, or an http or https URL",
                (text, base) -> text.startsWith("http://") || text.startsWith("https://")
                        ? text
                        : folder.read(text, base).toString(),
                text -> text,
                List.of("r2.public", "https://relay.example/r2/"),
                folder.outside());
    }
}
