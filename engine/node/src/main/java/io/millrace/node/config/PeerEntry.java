package io.millrace.node.config;

import io.millrace.text.HostPort;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One {@code [[peer]]}: a relay or client that this program sends to or wraps for.
 *
 * @param name for people; unique in the file.
 * @param id key id in lower-case hex, 16 bytes, of one that keeps its key and whose public key is not needed.
 * @param publicKey X25519 public key in lower-case hex, 32 bytes, of one that keeps its key; the id follows from it.
 * @param rolling where the keys of one whose keys change are. Exactly one of the three is given.
 * @param address where it receives, as written; unique in the file.
 * @param linkKey X25519 public key for handshakes in lower-case hex, 32 bytes; none where there is no direct link, where the
 *     link has a pre-shared key, or where the descriptor gives the key.
 * @param overTcp whether the link is over TCP; UDP by default.
 * @param psk the pre-shared key of a link without handshakes, from {@code psk} or {@code psk-file}.
 */
public record PeerEntry(
        String name,
        Optional<String> id,
        Optional<String> publicKey,
        Optional<DescriptorEntry> rolling,
        HostPort address,
        Optional<String> linkKey,
        boolean overTcp,
        Optional<LinkSecret> psk) {
    private static final int ID_LENGTH = 16;
    static final int PUBLIC_KEY_LENGTH = 32;

    static PeerEntry read(TomlTable table) throws IOException {
        final PeerEntry entry = new PeerEntry(
                table.text("name"),
                table.optionalHex("id", ID_LENGTH),
                publicKey(table),
                DescriptorEntry.read(table),
                table.hostPort("address", 1),
                table.optionalHex("link-key", PUBLIC_KEY_LENGTH),
                overTcp(table),
                psk(table));
        final long given = Stream.of(entry.id(), entry.publicKey(), entry.rolling())
                .filter(Optional::isPresent)
                .count();
        if (given != 1) {
            throw table.wrong(
                    "needs exactly one of public-key, id, and identity with descriptor", "name", entry.name());
        }
        if (entry.linkKey().isPresent() && entry.psk().isPresent()) {
            throw table.wrong("give link-key or psk, not both", "psk");
        }
        if (entry.overTcp() && entry.psk().isPresent()) {
            throw table.wrong("a link with a psk is over udp", "link", "tcp");
        }
        table.finish();
        return entry;
    }

    /** Whether this program has a link to it. */
    public boolean isLinked() {
        return linkKey.isPresent() || psk.isPresent() || rolling.isPresent();
    }

    private static boolean overTcp(TomlTable table) {
        final String link = table.optionalText("link").orElse("udp");
        return switch (link) {
            case "udp" -> false;
            case "tcp" -> true;
            default -> throw table.wrong("must be udp or tcp", "link", link);
        };
    }

    static Optional<String> publicKey(TomlTable table) {
        return table.optionalHex("public-key", PUBLIC_KEY_LENGTH);
    }

    private static Optional<LinkSecret> psk(TomlTable table) throws IOException {
        final Optional<String> inline = table.optionalText("psk");
        final var file = table.optionalPath("psk-file");
        if (inline.isPresent() && file.isPresent()) {
            throw table.wrong("give psk or psk-file, not both", "psk-file", file.get());
        }
        if (file.isPresent()) {
            return Optional.of(LinkSecret.file(file.get()));
        }
        return inline.isPresent() ? Optional.of(LinkSecret.inline(table, "psk", inline.get())) : Optional.empty();
    }
}
