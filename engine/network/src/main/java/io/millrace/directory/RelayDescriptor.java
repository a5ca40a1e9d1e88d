package io.millrace.directory;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.sphinx.RelayId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Announcement of a relay: its keys, the law of its delays, its schedule and the Sphinx keys of the coming epochs, signed by
 * its identity key.
 *
 * <pre>
 *  key  field           value
 *    1  version         1
 *    2  sequence        rises with every change
 *    3  identity key    byte string, 32
 *    4  link key        byte string, 32: X25519
 *    5  VRF key         byte string, 32
 *    6  delay law       text, see {@link DelayLaw}
 *    7  schedule        array of anchor, length, overlap in ms
 *    8  Sphinx keys     array of 1 to 8 arrays of number, key (32), not-before, not-after in ms since 1970
 * </pre>
 *
 * <p>Epoch numbers rise by one; each span begins where the one before it ends. At most {@link #MAX_LENGTH} bytes. Immutable
 * and thread safe.
 *
 * <p>Source: {@code src/docs/specs/directory.md}, section "Descriptor".
 */
public final class RelayDescriptor {
    /** Longest document in bytes. */
    public static final int MAX_LENGTH = SignedDocument.MAX_LENGTH;

    /** Most Sphinx keys in a descriptor. */
    public static final int MAX_KEYS = 8;

    static final String WHAT = "descriptor";
    static final String LABEL = "millrace-descriptor/v1";
    static final int KEY_LENGTH = 32;

    private final RelayDescriptorBuilder fields;
    private final IdentityKey identity;
    private final byte[] encoded;

    private RelayDescriptor(RelayDescriptorBuilder fields, IdentityKey identity, byte[] encoded) {
        this.fields = fields;
        this.identity = identity;
        this.encoded = encoded;
    }

    /** A builder without any field. */
    public static RelayDescriptorBuilder builder() {
        return new RelayDescriptorBuilder();
    }

    static RelayDescriptor sign(RelayDescriptorBuilder fields, Ed25519KeyPair pair) {
        final RelayDescriptorBuilder checked = fields.checked();
        final IdentityKey identity = IdentityKey.of(pair);
        return new RelayDescriptor(
                checked,
                identity,
                SignedDocument.sign(LABEL, pair, writer -> DescriptorBody.write(writer, checked, identity)));
    }

    /**
     * Reads a document.
     *
     * @param document any bytes; not kept.
     * @param identity key that must have signed it, from a source that the caller trusts.
     * @throws DocumentException if it is not a descriptor of that identity; the message says why.
     */
    public static RelayDescriptor decode(byte[] document, IdentityKey identity) throws DocumentException {
        final byte[] body = SignedDocument.open(WHAT, LABEL, document, identity);
        return new RelayDescriptor(DescriptorBody.read(body, identity), identity, document.clone());
    }

    /** The document as it was signed; a copy. */
    public byte[] toByteArray() {
        return encoded.clone();
    }

    /** Number that rises with every new descriptor of the relay, 0 or more. */
    public long sequence() {
        return fields.sequence;
    }

    /** The identity key that signed it. */
    public IdentityKey identity() {
        return identity;
    }

    /** Static X25519 public key for links, 32 bytes; a copy. */
    public byte[] linkKey() {
        return fields.linkKey.clone();
    }

    /** ECVRF public key, 32 bytes; a copy. */
    public byte[] vrfKey() {
        return fields.vrfKey.clone();
    }

    /** The law of the delays. */
    public DelayLaw law() {
        return fields.law;
    }

    /** The schedule of the epochs. */
    public EpochSchedule schedule() {
        return fields.schedule;
    }

    /** Sphinx keys by rising epoch number, without a gap; 1 to {@link #MAX_KEYS}. */
    public List<EpochPublicKey> keys() {
        return fields.keys;
    }

    /**
     * The Sphinx key that senders use at an instant.
     *
     * @param timeMs any, in milliseconds since 1970.
     * @return empty if the instant lies outside of all spans.
     */
    public Optional<EpochPublicKey> keyAt(long timeMs) {
        return fields.keys.stream().filter(key -> key.runsAt(timeMs)).findFirst();
    }

    /**
     * The Sphinx key of an epoch.
     *
     * @param number any.
     * @return empty if the descriptor does not announce that epoch.
     */
    public Optional<EpochPublicKey> keyOf(long number) {
        return fields.keys.stream().filter(key -> key.number() == number).findFirst();
    }

    /** End of the last announced epoch, in milliseconds since 1970: a sender needs a newer descriptor before. */
    public long expiresMs() {
        return fields.keys.getLast().notAfterMs();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayDescriptor that && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return "RelayDescriptor[identity=" + identity.idHex() + ", sequence=" + sequence() + ", epochs="
                + keys().getFirst().number() + ".." + keys().getLast().number() + "]";
    }

    /**
     * Checks the rules between keys.
     *
     * @throws IllegalArgumentException if a number is missing, spans do not meet, or one key serves two epochs.
     */
    static void requireOrder(List<EpochPublicKey> keys) {
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException(
                    "a descriptor has 1 to " + MAX_KEYS + " Sphinx keys: count=" + keys.size());
        }
        final Set<RelayId> seen = new HashSet<>();
        EpochPublicKey before = null;
        for (EpochPublicKey key : keys) {
            if (before != null && key.number() != before.number() + 1) {
                throw new IllegalArgumentException(
                        "epoch numbers rise by one: number=" + key.number() + ", before=" + before.number());
            }
            if (before != null && key.notBeforeMs() != before.notAfterMs()) {
                throw new IllegalArgumentException("an epoch begins where the one before it ends: number="
                        + key.number() + ", notBeforeMs=" + key.notBeforeMs() + ", end=" + before.notAfterMs());
            }
            if (!seen.add(key.key().id())) {
                throw new IllegalArgumentException("one Sphinx key serves one epoch: number=" + key.number());
            }
            before = key;
        }
    }
}
