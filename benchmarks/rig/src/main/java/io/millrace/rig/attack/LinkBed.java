package io.millrace.rig.attack;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.X25519KeyPair;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.LinkIdentity;
import io.millrace.link.LinkKeys;
import io.millrace.link.LinkPeer;
import io.millrace.rig.bed.PreparedPackets;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.SphinxGeometry;
import io.millrace.sphinx.SphinxHop;
import io.millrace.sphinx.SphinxPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Keys and packets of the attacks on links, for all rows: a relay, its honest peers, newcomers and the peers whose addresses
 * the attackers have. Read only.
 *
 * <p>The keys of links follow from a seed, so that the attackers' process has them too: it makes a link before it records.
 */
final class LinkBed implements AutoCloseable {
    /** An end of links; its number goes into its keys. */
    enum Party {
        RELAY(1),
        HONEST(2),
        NEWCOMER(3),
        ATTACKER(4);

        private final byte number;

        Party(int number) {
            this.number = (byte) number;
        }
    }

    /** Distinct packets; they are sent again and again, which only a closed loop allows. */
    private static final int PACKETS = 4_096;

    private static final int ROLE_AT = 1;
    private static final int INDEX_AT = 2;

    private final SecretKey relaySecret = SecretKey.generate(new SecureRandomness());
    private final List<RelayId> honestIds = new ArrayList<>();
    private final PreparedPackets packets;
    private final String seed;

    /** Draws keys and prepares packets for {@code honest} peers, 2 or more. */
    LinkBed(BatchCrypto crypto, int honest) {
        final List<SphinxHop> hops = new ArrayList<>();
        for (int i = 0; i < honest; i++) {
            try (RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(new SecureRandomness()))) {
                honestIds.add(key.id());
                hops.add(new SphinxHop(RelayPublicKey.copyOf(key.publicKey()), 0));
            }
        }
        try (SecretKey drawn = SecretKey.generate(new SecureRandomness());
                RelaySphinxKey relay = sphinxKey()) {
            seed = HexFormat.of().formatHex(drawn.segment().toArray(ValueLayout.JAVA_BYTE));
            final SphinxHop first = new SphinxHop(RelayPublicKey.copyOf(relay.publicKey()), 0);
            packets = PreparedPackets.prepare(crypto, SphinxGeometry.MR1, PACKETS, from -> new Paths(first, hops));
        }
    }

    /** Packet {@code number} goes to peer {@code number} modulo their number. */
    private record Paths(SphinxHop relay, List<SphinxHop> honest) implements PreparedPackets.Preparer {
        @Override
        public SphinxPath path(int number) {
            return SphinxPath.toRecipient(List.of(relay, honest.get(number % honest.size())), 1, 2);
        }

        @Override
        public void finish(MemorySegment memory, int from, int to) {
            // ready as it is
        }

        @Override
        public void close() {
            // holds nothing
        }
    }

    PreparedPackets packets() {
        return packets;
    }

    /** Honest peers. */
    int honestCount() {
        return honestIds.size();
    }

    /** Id under which packets name an honest peer. */
    RelayId honestId(int index) {
        return honestIds.get(index);
    }

    /** The seed of the links' keys, in hexadecimal. */
    String seed() {
        return seed;
    }

    /** The relay's Sphinx key; its taker closes it. */
    RelaySphinxKey sphinxKey() {
        return new RelaySphinxKey(SecretKey.copyOf(relaySecret.segment()));
    }

    /** Identity of an end whose id follows from the seed too; its taker closes it. */
    static LinkIdentity identity(String seed, Party party, int index) {
        return identity(seed, party, index, id(party, index));
    }

    /** Identity of an end with that id, 16 bytes; its taker closes it. */
    static LinkIdentity identity(String seed, Party party, int index, byte[] id) {
        try (SecretKey secret = secret(seed, party, index)) {
            return new LinkIdentity(secret, id);
        }
    }

    /** An end as others know it. */
    static LinkPeer peer(String seed, Party party, int index) {
        return new LinkPeer(publicKey(seed, party, index), id(party, index));
    }

    /** Static public key for links, 32 bytes. */
    static byte[] publicKey(String seed, Party party, int index) {
        try (SecretKey secret = secret(seed, party, index);
                X25519KeyPair pair = X25519KeyPair.of(secret.segment())) {
            return pair.publicKey().toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** The id of an end that no packet names, 16 bytes. */
    static byte[] id(Party party, int index) {
        final byte[] id = new byte[LinkKeys.ID_LENGTH];
        Arrays.fill(id, party.number);
        id[INDEX_AT] = (byte) index;
        return id;
    }

    static byte[] bytes(RelayId id) {
        final byte[] bytes = new byte[RelayId.LENGTH];
        id.writeTo(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    private static SecretKey secret(String seed, Party party, int index) {
        final byte[] bytes = HexFormat.of().parseHex(seed);
        bytes[ROLE_AT] ^= party.number;
        bytes[INDEX_AT] ^= (byte) index;
        return SecretKey.takeFrom(bytes);
    }

    @Override
    public void close() {
        packets.close();
        relaySecret.close();
    }
}
