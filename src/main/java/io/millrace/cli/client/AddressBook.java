package io.millrace.cli.client;

import io.millrace.cli.config.ClientFile;
import io.millrace.cli.config.PathNode;
import io.millrace.cli.config.PeerEntry;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.node.Node;
import io.millrace.cli.transfer.ReturnRoute;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whom a client knows: relays and other clients by name and by relay id, and which of them are its neighbours. */
final class AddressBook {
    private final List<PeerEntry> neighbours = new ArrayList<>();
    private final Map<String, RelayPublicKey> byName = new LinkedHashMap<>();
    private final Map<String, RelayPublicKey> byId = new HashMap<>();
    private final Map<RelayPublicKey, Integer> neighbourIndexes = new HashMap<>();

    /** Reads the public keys of a client's file. */
    AddressBook(ClientFile file) {
        for (PeerEntry peer : file.peers()) {
            final RelayPublicKey key = add(peer.name(), peer.publicKey().orElseThrow());
            if (peer.isLinked()) {
                neighbourIndexes.put(key, neighbours.size());
                neighbours.add(peer);
            }
        }
        for (PathNode node : file.nodes()) {
            add(node.name(), node.publicKey());
        }
        if (neighbours.isEmpty()) {
            throw new UsageError("the client has no neighbour: a [[peer]] needs a link-key or a psk: client="
                    + file.client().name());
        }
    }

    /** Those with a link, in the order of their indexes. */
    List<PeerEntry> neighbours() {
        return neighbours;
    }

    /** The path through {@code relays} to {@code end}, all by name; the first must be a neighbour. */
    Route route(List<String> relays, String end) {
        final List<RelayPublicKey> keys = new ArrayList<>();
        for (String name : relays) {
            keys.add(named(name));
        }
        keys.add(named(end));
        return routeOf(keys, String.join(",", relays));
    }

    /**
     * The way back that a sender asks for.
     *
     * @throws UsageError if one of its relays is unknown or the first is no neighbour.
     */
    Route route(ReturnRoute back) {
        final List<RelayPublicKey> keys = new ArrayList<>();
        for (String id : back.relayIds()) {
            final RelayPublicKey key = byId.get(id);
            if (key == null) {
                throw new UsageError("a sender wants answers through a relay that is not in the file: id=" + id);
            }
            keys.add(key);
        }
        keys.add(Node.publicKey("the sender", back.publicKey()));
        return routeOf(keys, back.relayIds().toString());
    }

    /** The way back along {@code relays}, which are by name and in the sender's order. */
    ReturnRoute back(List<String> relays, String ownPublicKey) {
        final List<String> ids = new ArrayList<>();
        for (String name : relays.reversed()) {
            ids.add(named(name).id().toString());
        }
        return new ReturnRoute(ids, ownPublicKey);
    }

    private Route routeOf(List<RelayPublicKey> keys, String shown) {
        final Integer neighbour = neighbourIndexes.get(keys.getFirst());
        if (neighbour == null) {
            throw new UsageError(
                    "a route must begin with a neighbour, a [[peer]] with a link-key or psk: route=" + shown);
        }
        final List<SphinxHop> hops =
                keys.stream().map(key -> new SphinxHop(key, 0)).toList();
        return new Route(SphinxPath.toRecipient(hops, 0, 0), neighbour);
    }

    private RelayPublicKey named(String name) {
        final RelayPublicKey key = byName.get(name);
        if (key == null) {
            throw new UsageError(
                    "not in the client's file: name=" + name + ", known=" + String.join(",", byName.keySet()));
        }
        return key;
    }

    private RelayPublicKey add(String name, String hex) {
        final RelayPublicKey key = Node.publicKey(name, hex);
        byName.put(name, key);
        byId.put(key.id().toString(), key);
        return key;
    }

    /**
     * A path and its first step.
     *
     * @param path through the relays to the end.
     * @param neighbour index of the peer that the packet is sent to.
     */
    record Route(SphinxPath path, int neighbour) {}
}
