package io.millrace.cli.htx;

import io.millrace.cli.console.UsageError;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.htx.admission.TicketKey;
import io.millrace.node.keys.PskFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Meaning of a value of {@code --ticket}. */
final class TicketOption {
    /** Who knows the server's public key. */
    static final String OPEN = "open";

    /** Who owns a key of {@code --peer}. */
    static final String PAIRWISE = "pairwise";

    private TicketOption() {}

    /** The server's: a key for each value, or for each peer of {@link #PAIRWISE}. The caller closes them. */
    static List<TicketKey> ofServer(Collection<String> tickets, X25519KeyPair own, Collection<String> peers)
            throws IOException {
        final List<TicketKey> keys = new ArrayList<>();
        for (String ticket : tickets) {
            if (ticket.equals(PAIRWISE)) {
                if (peers.isEmpty()) {
                    throw new UsageError("--ticket=pairwise needs --peer: whose tickets?");
                }
                for (String peer : peers) {
                    keys.add(pairwise(own, PublicKeyText.parse(peer)));
                }
            } else {
                keys.add(ticket.equals(OPEN) ? TicketKey.open(own.publicKey()) : shared(ticket));
            }
        }
        return keys;
    }

    /** The client's; the caller closes it. */
    static TicketKey ofClient(String ticket, X25519KeyPair own, byte[] server) throws IOException {
        return switch (ticket) {
            case OPEN -> TicketKey.open(MemorySegment.ofArray(server));
            case PAIRWISE -> pairwise(own, server);
            default -> shared(ticket);
        };
    }

    private static TicketKey shared(String file) throws IOException {
        try (SecretKey secret = PskFile.read(Path.of(file))) {
            return TicketKey.shared(secret);
        }
    }

    private static TicketKey pairwise(X25519KeyPair own, byte[] peer) {
        try (Arena arena = Arena.ofConfined()) {
            return TicketKey.pairwise(own, arena.allocateFrom(ValueLayout.JAVA_BYTE, peer));
        } catch (IllegalArgumentException e) {
            throw new UsageError("--peer: " + e.getMessage(), e);
        }
    }
}
