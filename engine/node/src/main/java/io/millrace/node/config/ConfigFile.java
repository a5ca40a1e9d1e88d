package io.millrace.node.config;

import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.Revocation;
import io.millrace.crdt.type.ActorId;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the TOML file of a relay, of a client, or of the actors of a document. */
public final class ConfigFile {
    private ConfigFile() {}

    /**
     * Reads a relay's file: {@code [relay]}, optionally {@code [engine]}, {@code [epochs]} and {@code [metrics]}, any number
     * of {@code [[peer]]}.
     *
     * @throws ConfigException if it is not valid.
     * @throws IOException if it, or a file that it names for a pre-shared key, cannot be read.
     */
    public static RelayFile relay(Path file) throws IOException {
        final TomlTable root = TomlTable.read(file);
        final NodeEntry relay = NodeEntry.read(root.table("relay"));
        final Optional<TomlTable> engine = root.optionalTable("engine");
        final Optional<TomlTable> epochs = root.optionalTable("epochs");
        final Optional<TomlTable> metrics = root.optionalTable("metrics");
        final List<PeerEntry> peers = peers(root, "link-key", new HashMap<>());
        root.finish();
        return new RelayFile(
                relay,
                engine.map(EngineEntry::read).orElseGet(EngineEntry::defaults),
                epochs.map(table -> EpochsEntry.read(table, relay.key()))
                        .orElseGet(() -> EpochsEntry.unwritten(relay.key(), peers)),
                metrics.map(MetricsEntry::read),
                peers);
    }

    /**
     * Reads a client's file: {@code [client]} and any number of {@code [[peer]]} and {@code [[node]]}.
     *
     * @throws ConfigException if it is not valid.
     * @throws IOException if it, or a file that it names for a pre-shared key, cannot be read.
     */
    public static ClientFile client(Path file) throws IOException {
        final TomlTable root = TomlTable.read(file);
        final NodeEntry client = NodeEntry.read(root.table("client"));
        final Map<Object, String> seen = new HashMap<>();
        final List<PeerEntry> peers = peers(root, "public-key", seen);
        final List<PathNode> nodes = new ArrayList<>();
        for (final TomlTable table : root.tables("node")) {
            final PathNode node = PathNode.read(table);
            refuseTwice(table, seen, "name", node.name(), node.name());
            refuseTwice(table, seen, node.publicKey(), node.rolling(), node.name());
            nodes.add(node);
        }
        root.finish();
        return new ClientFile(client, peers, nodes);
    }

    /**
     * Reads a registry of actors: any number of {@code [[actor]]}, each with {@code name} and {@code public-key}, the
     * Ed25519 key that keygen prints, and for a revoked one {@code revoked-after} or {@code revoked-by}.
     *
     * @throws ConfigException if it is not valid.
     * @throws IOException if it, or a proof that it names, cannot be read.
     */
    public static ActorRegistry actors(Path file) throws IOException {
        final TomlTable root = TomlTable.read(file);
        final Map<ActorId, String> names = new LinkedHashMap<>();
        final Map<ActorId, Revocation> revocations = new HashMap<>();
        for (final TomlTable table : root.tables("actor")) {
            final ActorEntry entry = ActorEntry.read(table);
            if (names.put(entry.actor(), entry.name()) != null) {
                throw table.wrong("occurs twice", "public-key", entry.actor());
            }
            entry.revocation().ifPresent(revocation -> revocations.put(entry.actor(), revocation));
        }
        root.finish();
        try {
            return ActorRegistry.of(names, revocations);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<PeerEntry> peers(TomlTable root, String required, Map<Object, String> seen) throws IOException {
        final List<PeerEntry> peers = new ArrayList<>();
        for (final TomlTable table : root.tables("peer")) {
            final PeerEntry peer = PeerEntry.read(table);
            final boolean complete =
                    required.equals("link-key") ? peer.isLinked() : peer.id().isEmpty();
            if (!complete) {
                throw table.wrong("missing", required);
            }
            refuseTwice(table, seen, "name", peer.name(), peer.name());
            refuseTwice(table, seen, "address", peer.address(), peer.name());
            if (peer.id().isPresent()) {
                refuseTwice(table, seen, "id", peer.id().get(), peer.name());
            } else {
                refuseTwice(table, seen, peer.publicKey(), peer.rolling(), peer.name());
            }
            peers.add(peer);
        }
        return peers;
    }

    private static void refuseTwice(
            TomlTable table,
            Map<Object, String> seen,
            Optional<String> publicKey,
            Optional<DescriptorEntry> rolling,
            String name) {
        publicKey.ifPresent(each -> refuseTwice(table, seen, "public-key", each, name));
        rolling.ifPresent(each -> refuseTwice(table, seen, "identity", each.identity(), name));
    }

    private static void refuseTwice(TomlTable table, Map<Object, String> seen, String key, Object value, String name) {
        final String first = seen.putIfAbsent(List.of(key, value), name);
        if (first != null) {
            throw table.wrong("the same as of peer " + first, key, value);
        }
    }
}
