package io.millrace.cli.client;

import io.millrace.cli.config.ClientFile;
import io.millrace.cli.config.DescriptorEntry;
import io.millrace.cli.config.PathNode;
import io.millrace.cli.config.PeerEntry;
import io.millrace.cli.console.UsageError;
import io.millrace.cli.node.NodePeers;
import io.millrace.cli.peers.Party;
import io.millrace.cli.transfer.ReturnRoute;
import io.millrace.sphinx.RelayPublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Parties that a client knows: relays and other clients by name and by id, and which of them are its neighbours. The id of
 * a party is that of its identity, or of its key if it has one for ever.
 */
final class AddressBook {
    private final List<PeerEntry> neighbours = new ArrayList<>();
    private final List<Party> parties = new ArrayList<>();
    private final Map<String, Contact> byName = new LinkedHashMap<>();
    private final Map<String, Contact> byId = new HashMap<>();
    private final Map<Contact, Integer> neighbourIndexes = new HashMap<>();

    /** Reads the public keys and identities of a client's file. */
    AddressBook(ClientFile file) {
        for (PeerEntry peer : file.peers()) {
            final Contact contact = add(peer.name(), peer.publicKey(), peer.rolling());
            if (peer.isLinked()) {
                neighbourIndexes.put(contact, neighbours.size());
                neighbours.add(peer);
            }
        }
        for (PathNode node : file.nodes()) {
            add(node.name(), node.publicKey(), node.rolling());
        }
        if (neighbours.isEmpty()) {
            throw new UsageError(
                    "the client has no neighbour: a [[peer]] needs a link-key, a psk, or a descriptor: client="
                            + file.client().name());
        }
    }

    /** Those with a link, in the order of their indexes. */
    List<PeerEntry> neighbours() {
        return neighbours;
    }

    /** Those whose keys change, in the order of their indexes. */
    List<Party> parties() {
        return parties;
    }

    /**
     * The neighbour that a party is.
     *
     * @param party index of the party.
     * @return index of the neighbour; empty if the party is none.
     */
    OptionalInt neighbourOf(int party) {
        final Integer index = neighbourIndexes.get(new Contact.Rolling(party));
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /** The path through {@code relays} to {@code end}, all by name; the first must be a neighbour. */
    Route route(List<String> relays, String end) {
        final List<Contact> contacts = new ArrayList<>();
        for (String name : relays) {
            contacts.add(named(name));
        }
        contacts.add(named(end));
        return routeOf(contacts, String.join(",", relays));
    }

    /**
     * The way back that a sender asks for.
     *
     * @throws UsageError if one of its relays is unknown or the first is no neighbour.
     */
    Route route(ReturnRoute back) {
        final List<Contact> contacts = new ArrayList<>();
        for (String id : back.relayIds()) {
            final Contact contact = byId.get(id);
            if (contact == null) {
                throw new UsageError("a sender wants answers through a relay that is not in the file: id=" + id);
            }
            contacts.add(contact);
        }
        contacts.add(new Contact.Static(NodePeers.publicKey("the sender", back.publicKey())));
        return routeOf(contacts, back.relayIds().toString());
    }

    /** The way back along {@code relays}, which are by name and in the sender's order. */
    ReturnRoute back(List<String> relays, String ownPublicKey) {
        final List<String> ids = new ArrayList<>();
        for (String name : relays.reversed()) {
            ids.add(idOf(named(name)));
        }
        return new ReturnRoute(ids, ownPublicKey);
    }

    /**
     * The loop through {@code relays} and back: r1, r2, r3, r2, r1 and here.
     *
     * @throws UsageError if there is no relay, the first is no neighbour, or one has no descriptor.
     */
    Route loop(List<String> relays, String ownPublicKey) {
        if (relays.isEmpty()) {
            throw new UsageError("probes need relays: give --route");
        }
        final List<Contact> contacts = new ArrayList<>();
        for (String name : relays) {
            contacts.add(named(name));
            if (!(contacts.getLast() instanceof Contact.Rolling)) {
                throw new UsageError("a relay without identity and descriptor discloses no delays: name=" + name);
            }
        }
        contacts.addAll(contacts.subList(0, contacts.size() - 1).reversed());
        contacts.add(new Contact.Static(NodePeers.publicKey("this client", ownPublicKey)));
        return routeOf(contacts, String.join(",", relays));
    }

    private Route routeOf(List<Contact> contacts, String shown) {
        final Integer neighbour = neighbourIndexes.get(contacts.getFirst());
        if (neighbour == null) {
            throw new UsageError(
                    "a route must begin with a neighbour, a [[peer]] with a link-key, a psk or a descriptor: route="
                            + shown);
        }
        return new Route(contacts, neighbour);
    }

    private Contact named(String name) {
        final Contact contact = byName.get(name);
        if (contact == null) {
            throw new UsageError(
                    "not in the client's file: name=" + name + ", known=" + String.join(",", byName.keySet()));
        }
        return contact;
    }

    private Contact add(String name, Optional<String> publicKey, Optional<DescriptorEntry> rolling) {
        final Contact contact;
        if (rolling.isPresent()) {
            contact = new Contact.Rolling(parties.size());
            parties.add(NodePeers.party(name, rolling.get()));
        } else {
            contact = new Contact.Static(NodePeers.publicKey(name, publicKey.orElseThrow()));
        }
        byName.put(name, contact);
        byId.put(idOf(contact), contact);
        return contact;
    }

    private String idOf(Contact contact) {
        return switch (contact) {
            case Contact.Static alone -> alone.key().id().toString();
            case Contact.Rolling rolling ->
                parties.get(rolling.party()).identity().idHex();
        };
    }

    /** One hop of a route. */
    sealed interface Contact {
        /** Has one key for ever. */
        record Static(RelayPublicKey key) implements Contact {}

        /** Has a key per epoch, in its descriptor; index of the party. */
        record Rolling(int party) implements Contact {}
    }

    /**
     * A path and its first step.
     *
     * @param contacts the relays, then the end.
     * @param neighbour index of the peer that the packet is sent to.
     */
    record Route(List<Contact> contacts, int neighbour) {
        Route {
            contacts = List.copyOf(contacts);
        }
    }
}
