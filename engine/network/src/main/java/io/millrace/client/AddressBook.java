package io.millrace.client;

import io.millrace.directory.Party;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.transfer.ReturnRoute;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Parties that a client knows: relays and other clients by name and by id, and which of them are its neighbours. The id of
 * a party is that of its identity, or of its key if it has one for ever.
 *
 * <p>Not thread safe while parties are added, immutable afterwards.
 */
public final class AddressBook {
    private final SphinxProfile profile;
    private final List<Party> parties = new ArrayList<>();
    private final Map<String, Contact> byName = new LinkedHashMap<>();
    private final Map<String, Contact> byId = new HashMap<>();
    private final Map<Contact, Integer> neighbourIndexes = new HashMap<>();

    /** Knows no peer; for clients that speak mr1. */
    public AddressBook() {
        this(SphinxProfile.MR1);
    }

    /**
     * Knows no peer.
     *
     * @param profile of the keys of this client and of senders that want answers.
     */
    public AddressBook(SphinxProfile profile) {
        this.profile = profile;
    }

    /**
     * Adds a party that keeps its key.
     *
     * @param name in this book.
     * @param key its Sphinx key.
     * @param neighbour whether this client has a link to it: it is the next neighbour then, counted from 0.
     */
    public void add(String name, RelayPublicKey key, boolean neighbour) {
        add(name, key.id().toString(), new Contact.Static(key), neighbour);
    }

    /**
     * Adds a relay whose keys change: it is the next party, counted from 0.
     *
     * @param party with its name in this book.
     * @param neighbour whether this client has a link to it: it is the next neighbour then, counted from 0.
     */
    public void add(Party party, boolean neighbour) {
        parties.add(party);
        add(party.name(), party.identity().idHex(), new Contact.Rolling(parties.size() - 1), neighbour);
    }

    /** Those whose keys change, in the order of their indexes. */
    public List<Party> parties() {
        return List.copyOf(parties);
    }

    /**
     * The neighbour that a party is.
     *
     * @param party index of the party.
     * @return index of the neighbour; empty if the party is none.
     */
    public OptionalInt neighbourOf(int party) {
        final Integer index = neighbourIndexes.get(new Contact.Rolling(party));
        return index == null ? OptionalInt.empty() : OptionalInt.of(index);
    }

    /**
     * The path through some relays.
     *
     * @param relays by name; the first must be a neighbour.
     * @param end the last hop, by name; a neighbour if there are no relays.
     * @return the route.
     * @throws IllegalArgumentException if a name is not in this book, or the first is no neighbour.
     */
    public Route route(List<String> relays, String end) {
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
     * @param back as the sender wrote it.
     * @return the route to the sender.
     * @throws IllegalArgumentException if one of its relays is unknown, the first is no neighbour, or the sender's key is
     *     none.
     */
    public Route route(ReturnRoute back) {
        final List<Contact> contacts = new ArrayList<>();
        for (String id : back.relayIds()) {
            final Contact contact = byId.get(id);
            if (contact == null) {
                throw new IllegalArgumentException(
                        "a sender wants answers through a relay that is not known here: id=" + id);
            }
            contacts.add(contact);
        }
        contacts.add(new Contact.Static(publicKey("the sender", back.publicKey())));
        return routeOf(contacts, back.relayIds().toString());
    }

    /**
     * The way back along a route.
     *
     * @param relays by name and in the sender's order.
     * @param ownPublicKey of this client, 32 bytes in hex.
     * @return as the receiver gets it.
     * @throws IllegalArgumentException if a name is not in this book.
     */
    public ReturnRoute back(List<String> relays, String ownPublicKey) {
        final List<String> ids = new ArrayList<>();
        for (String name : relays.reversed()) {
            ids.add(idOf(named(name)));
        }
        return new ReturnRoute(ids, ownPublicKey);
    }

    /**
     * The loop through some relays and back: r1, r2, r3, r2, r1 and here.
     *
     * @param relays by name, one or more, all with key epochs.
     * @param ownPublicKey of this client, 32 bytes in hex.
     * @return the route.
     * @throws IllegalArgumentException if there is no relay, the first is no neighbour, or one has no descriptor.
     */
    public Route loop(List<String> relays, String ownPublicKey) {
        if (relays.isEmpty()) {
            throw new IllegalArgumentException("probes need a route with relays");
        }
        final List<Contact> contacts = new ArrayList<>();
        for (String name : relays) {
            contacts.add(named(name));
            if (!(contacts.getLast() instanceof Contact.Rolling)) {
                throw new IllegalArgumentException(
                        "a relay without identity and descriptor discloses no delays: name=" + name);
            }
        }
        contacts.addAll(contacts.subList(0, contacts.size() - 1).reversed());
        contacts.add(new Contact.Static(publicKey("this client", ownPublicKey)));
        return routeOf(contacts, String.join(",", relays));
    }

    private void add(String name, String id, Contact contact, boolean neighbour) {
        byName.put(name, contact);
        byId.put(id, contact);
        if (neighbour) {
            neighbourIndexes.put(contact, neighbourIndexes.size());
        }
    }

    private Route routeOf(List<Contact> contacts, String shown) {
        final Integer neighbour = neighbourIndexes.get(contacts.getFirst());
        if (neighbour == null) {
            throw new IllegalArgumentException(
                    "a route must begin with a [[peer]], to which there is a link, not with a [[node]]: route="
                            + shown);
        }
        return new Route(contacts, neighbour);
    }

    private Contact named(String name) {
        final Contact contact = byName.get(name);
        if (contact == null) {
            throw new IllegalArgumentException(
                    "not known here: name=" + name + ", known=" + String.join(",", byName.keySet()));
        }
        return contact;
    }

    private String idOf(Contact contact) {
        return switch (contact) {
            case Contact.Static alone -> alone.key().id().toString();
            case Contact.Rolling rolling ->
                parties.get(rolling.party()).identity().idHex();
        };
    }

    private RelayPublicKey publicKey(String owner, String hex) {
        try {
            return RelayPublicKey.copyOf(MemorySegment.ofArray(HexFormat.of().parseHex(hex)), profile);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a public key of X25519: name=" + owner + ", public-key=" + hex, e);
        }
    }

    /** One hop of a route. */
    public sealed interface Contact {
        /**
         * Has one key for ever.
         *
         * @param key its Sphinx key.
         */
        record Static(RelayPublicKey key) implements Contact {}

        /**
         * Has a key per epoch, in its descriptor.
         *
         * @param party its index, 0 or more.
         */
        record Rolling(int party) implements Contact {}
    }

    /**
     * A path and its first step.
     *
     * @param contacts the relays, then the end.
     * @param neighbour index of the peer that the packet is sent to, 0 or more.
     */
    public record Route(List<Contact> contacts, int neighbour) {
        /** Copies the list. */
        public Route {
            contacts = List.copyOf(contacts);
        }
    }
}
