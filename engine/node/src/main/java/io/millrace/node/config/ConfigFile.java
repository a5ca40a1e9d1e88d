package io.millrace.node.config;

import io.millrace.crdt.op.ActorRegistry;
import io.millrace.crdt.op.Revocation;
import io.millrace.crdt.type.ActorId;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the TOML file of a relay, of a client, or of the actors of a document. */
public final class ConfigFile {
    /** Tables of a relay's file, in the order of the documentation. */
    static final List<Section> RELAY =
            List.of(NodeEntry.RELAY, EngineKeys.SECTION, EpochsEntry.SECTION, MetricsEntry.SECTION, PeerEntry.SECTION);

    /** Tables of a client's file. */
    static final List<Section> CLIENT = List.of(NodeEntry.CLIENT, PeerEntry.SECTION, PathNode.SECTION);

    /** Tables of a registry of actors. */
    static final List<Section> ACTORS = List.of(ActorEntry.SECTION);

    private ConfigFile() {}

    /**
     * Reads a relay's file: {@code [relay]}, optionally {@code [engine]}, {@code [epochs]} and {@code [metrics]}, any number
     * of {@code [[peer]]}.
     *
     * @param file as the user gave it; messages begin with it.
     * @return its content, with defaults.
     * @throws ConfigException if it is not valid.
     * @throws IOException if it, or a file that it names for a pre-shared key, cannot be read.
     */
    public static RelayFile relay(Path file) throws IOException {
        final TomlFile toml = TomlFile.read(file, RELAY);
        final NodeEntry relay = NodeEntry.of(toml.required(NodeEntry.RELAY));
        final Given engine = engine(toml);
        final Optional<Given> epochsTable = toml.table(EpochsEntry.SECTION);
        final Optional<MetricsEntry> metrics = toml.table(MetricsEntry.SECTION).map(MetricsEntry::of);
        final List<PeerEntry> peers = new ArrayList<>();
        return wipedUnlessRead(peers, () -> {
            readPeers(toml, true, new HashMap<>(), peers);
            return relay(file, relay, engine, epochsTable, metrics, peers);
        });
    }

    private static RelayFile relay(
            Path file,
            NodeEntry relay,
            Given engine,
            Optional<Given> epochsTable,
            Optional<MetricsEntry> metrics,
            List<PeerEntry> peers) {
        final EpochsEntry epochs = epochsTable
                .map(table -> EpochsEntry.of(table, relay.key()))
                .orElseGet(() -> EpochsEntry.unwritten(relay.key(), peers));
        final Optional<Duration> length = epochs.roll() ? Optional.of(epochs.length()) : Optional.empty();
        final EngineSettings settings = EngineSettings.of(engine, length);
        epochs.requireFor(
                epochsTable.orElseGet(() -> Given.table(EpochsEntry.SECTION, file, 0)),
                settings.distribution().maxNs());
        return new RelayFile(relay, settings, epochs, metrics, peers);
    }

    /**
     * Reads the table {@code [engine]} of a relay's file, and nothing else of it but the names of its tables.
     *
     * @param file as the user gave it; messages begin with it.
     * @return the values that the file gives.
     * @throws ConfigException if the table is not valid.
     * @throws IOException if the file cannot be read.
     */
    public static Given engine(Path file) throws IOException {
        return engine(TomlFile.read(file, RELAY));
    }

    private static Given engine(TomlFile toml) {
        return toml.table(EngineKeys.SECTION).orElseGet(() -> Given.none(EngineKeys.SECTION));
    }

    /**
     * Reads a client's file: {@code [client]} and any number of {@code [[peer]]} and {@code [[node]]}.
     *
     * @param file as the user gave it; messages begin with it.
     * @return its content, with defaults.
     * @throws ConfigException if it is not valid.
     * @throws IOException if it, or a file that it names for a pre-shared key, cannot be read.
     */
    public static ClientFile client(Path file) throws IOException {
        final TomlFile toml = TomlFile.read(file, CLIENT);
        final Given table = toml.required(NodeEntry.CLIENT);
        final NodeEntry client = NodeEntry.of(table);
        final Map<Object, String> seen = new HashMap<>();
        final List<PeerEntry> peers = new ArrayList<>();
        return wipedUnlessRead(peers, () -> {
            readPeers(toml, false, seen, peers);
            return new ClientFile(client, table.value(NodeEntry.PROFILE), peers, nodes(toml, seen));
        });
    }

    private static List<PathNode> nodes(TomlFile toml, Map<Object, String> seen) {
        final List<PathNode> nodes = new ArrayList<>();
        for (Given given : toml.tables(PathNode.SECTION)) {
            final PathNode node = PathNode.of(given);
            for (Key<?> key : List.of(PathNode.NAME, PeerEntry.PUBLIC_KEY, DescriptorEntry.IDENTITY)) {
                refuseTwice(given, seen, key, node.name());
            }
            nodes.add(node);
        }
        return nodes;
    }

    /**
     * Reads a registry of actors: any number of {@code [[actor]]}, each with {@code name} and {@code public-key}, the
     * Ed25519 key that keygen prints, and for a revoked one {@code revoked-after} or {@code revoked-by}.
     *
     * @param file as the user gave it; messages begin with it.
     * @return the actors.
     * @throws ConfigException if it is not valid.
     * @throws IOException if it, or a proof that it names, cannot be read.
     */
    public static ActorRegistry actors(Path file) throws IOException {
        final Map<ActorId, String> names = new LinkedHashMap<>();
        final Map<ActorId, Revocation> revocations = new HashMap<>();
        for (Given given : TomlFile.read(file, ACTORS).tables(ActorEntry.SECTION)) {
            final ActorEntry entry = ActorEntry.of(given);
            if (names.put(entry.actor(), entry.name()) != null) {
                throw given.wrong("occurs twice", ActorEntry.PUBLIC_KEY);
            }
            entry.revocation().ifPresent(revocation -> revocations.put(entry.actor(), revocation));
        }
        try {
            return ActorRegistry.of(names, revocations);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(file + ": " + e.getMessage(), e);
        }
    }

    /** The last part of reading a file. */
    @FunctionalInterface
    private interface Rest<T> {
        T read() throws IOException;
    }

    /** Wipes the pre-shared keys of the peers if the file is refused. */
    private static <T> T wipedUnlessRead(List<PeerEntry> peers, Rest<T> rest) throws IOException {
        boolean read = false;
        try {
            final T file = rest.read();
            read = true;
            return file;
        } finally {
            if (!read) {
                peers.forEach(peer -> peer.psk().ifPresent(LinkSecret::close));
            }
        }
    }

    private static void readPeers(TomlFile toml, boolean linked, Map<Object, String> seen, List<PeerEntry> peers)
            throws IOException {
        for (Given given : toml.tables(PeerEntry.SECTION)) {
            final PeerEntry peer = PeerEntry.of(given);
            peers.add(peer);
            if (linked && !peer.isLinked()) {
                throw given.missing(PeerEntry.LINK_KEY);
            }
            if (!linked && peer.id().isPresent()) {
                throw given.missing(PeerEntry.PUBLIC_KEY);
            }
            for (Key<?> key : List.of(
                    PeerEntry.NAME, PeerEntry.ADDRESS, PeerEntry.ID, PeerEntry.PUBLIC_KEY, DescriptorEntry.IDENTITY)) {
                refuseTwice(given, seen, key, peer.name());
            }
        }
    }

    private static void refuseTwice(Given given, Map<Object, String> seen, Key<?> key, String name) {
        given.get(key).ifPresent(value -> {
            final String first = seen.putIfAbsent(List.of(key.name(), value), name);
            if (first != null) {
                throw given.wrong("the same as of peer " + first, key);
            }
        });
    }
}
