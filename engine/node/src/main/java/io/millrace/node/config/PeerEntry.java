package io.millrace.node.config;

import io.millrace.text.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
    static final int PUBLIC_KEY_LENGTH = 32;

    private static final int ID_LENGTH = 16;

    static final Key<String> NAME = Key.of(
                    "name", ValueForms.text(), "r2", "Names the peer in logs and routes; unique in the file.")
            .required();

    static final Key<String> ID = Key.of(
            "id",
            ValueForms.hex(ID_LENGTH),
            "2e".repeat(ID_LENGTH),
            "Gives the key id of a peer that keeps its key, where its public key is not needed.");

    static final Key<String> PUBLIC_KEY = Key.of(
            "public-key",
            ValueForms.hex(PUBLIC_KEY_LENGTH),
            "3d".repeat(PUBLIC_KEY_LENGTH),
            "Gives the X25519 key of a party that keeps its key, as every client does.");

    static final Key<HostPort> ADDRESS = Key.of(
                    "address",
                    ValueForms.hostPort(1),
                    "127.0.0.1:9002",
                    "Sets the address at which the peer receives; a name is looked up again and again.")
            .required();

    static final Key<String> LINK_KEY = Key.of(
            "link-key",
            ValueForms.hex(PUBLIC_KEY_LENGTH),
            "4c".repeat(PUBLIC_KEY_LENGTH),
            "Gives the X25519 key of the peer's links; with descriptor it is in there.");

    private static final Key<Boolean> LINK = Key.of(
                    "link",
                    ValueForms.choice(List.of(false, true), tcp -> tcp ? "tcp" : "udp"),
                    "udp",
                    "Selects the protocol of the link, the same at both ends; a link with a pre-shared key is over udp.")
            .or(false);

    private static final Key<String> PSK = Key.of(
                    "psk",
                    ValueForms.hex(LinkSecret.LENGTH),
                    "5b".repeat(LinkSecret.LENGTH),
                    "Gives the pre-shared key of a link without handshakes and without forward secrecy; the file must"
                            + " be readable by its owner alone.")
            .secret();

    private static final Key<Path> PSK_FILE = Key.of(
            "psk-file",
            ValueForms.file(),
            "r2.psk",
            "Names a file with the pre-shared key, readable by its owner alone; instead of psk.");

    /** The table. */
    static final Section SECTION = new Section(
            "peer",
            true,
            "Names a neighbour by exactly one of public-key, id, and identity with descriptor.",
            List.of(
                    NAME,
                    ID,
                    PUBLIC_KEY,
                    DescriptorEntry.IDENTITY,
                    DescriptorEntry.DESCRIPTOR,
                    ADDRESS,
                    LINK_KEY,
                    LINK,
                    PSK,
                    PSK_FILE));

    static PeerEntry of(Given given) throws IOException {
        final Optional<DescriptorEntry> rolling = DescriptorEntry.of(given);
        final long named = Stream.of(given.get(ID), given.get(PUBLIC_KEY), rolling)
                .filter(Optional::isPresent)
                .count();
        if (named != 1) {
            throw given.wrong("needs exactly one of public-key, id, and identity with descriptor", NAME);
        }
        if (given.has(PSK) && given.has(PSK_FILE)) {
            throw given.wrong("give psk or psk-file, not both", PSK_FILE);
        }
        final Key<?> secret = given.has(PSK) ? PSK : PSK_FILE;
        if (given.has(LINK_KEY) && given.has(secret)) {
            throw given.wrong("give link-key or " + secret.name() + ", not both", secret);
        }
        if (given.value(LINK) && given.has(secret)) {
            throw given.wrong("a link with a pre-shared key is over udp", LINK);
        }
        return new PeerEntry(
                given.value(NAME),
                given.get(ID),
                given.get(PUBLIC_KEY),
                rolling,
                given.value(ADDRESS),
                given.get(LINK_KEY),
                given.value(LINK),
                psk(given));
    }

    /** Whether this program has a link to it. */
    public boolean isLinked() {
        return linkKey.isPresent() || psk.isPresent() || rolling.isPresent();
    }

    private static Optional<LinkSecret> psk(Given given) throws IOException {
        if (given.has(PSK_FILE)) {
            return Optional.of(LinkSecret.file(given.value(PSK_FILE)));
        }
        return given.has(PSK) ? Optional.of(LinkSecret.inline(given.file(), given.value(PSK))) : Optional.empty();
    }
}
