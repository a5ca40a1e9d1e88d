package io.millrace.directory;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.relay.epoch.EpochSchedule;
import java.util.List;
import java.util.Objects;

/** Fields of a {@link RelayDescriptor} before it is signed; all are required. Not thread safe. */
public final class RelayDescriptorBuilder {
    long sequence;
    byte[] linkKey;
    byte[] vrfKey;
    DelayLaw law;
    EpochSchedule schedule;
    List<EpochPublicKey> keys;

    RelayDescriptorBuilder() {}

    /**
     * Sets the sequence.
     *
     * @param sequence above that of every earlier descriptor of the relay; 0 or more.
     */
    public RelayDescriptorBuilder sequence(long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("a sequence must be 0 or more: sequence=" + sequence);
        }
        this.sequence = sequence;
        return this;
    }

    /**
     * Sets the static key for links.
     *
     * @param linkKey X25519 public key, 32 bytes; copied.
     */
    public RelayDescriptorBuilder linkKey(byte[] linkKey) {
        this.linkKey = key("link key", linkKey);
        return this;
    }

    /**
     * Sets the VRF key, which is the same in all descriptors of a relay.
     *
     * @param vrfKey ECVRF public key, 32 bytes; copied.
     */
    public RelayDescriptorBuilder vrfKey(byte[] vrfKey) {
        this.vrfKey = key("VRF key", vrfKey);
        return this;
    }

    /**
     * Sets the law of the delays.
     *
     * @param law never null.
     */
    public RelayDescriptorBuilder law(DelayLaw law) {
        this.law = Objects.requireNonNull(law, "law");
        return this;
    }

    /**
     * Sets the schedule.
     *
     * @param schedule long enough for the law, see {@link EpochSchedule#requireFor}.
     */
    public RelayDescriptorBuilder schedule(EpochSchedule schedule) {
        this.schedule = Objects.requireNonNull(schedule, "schedule");
        return this;
    }

    /**
     * Sets the Sphinx keys.
     *
     * @param keys by rising number, 1 to {@link RelayDescriptor#MAX_KEYS}; copied.
     */
    public RelayDescriptorBuilder keys(List<EpochPublicKey> keys) {
        this.keys = List.copyOf(keys);
        return this;
    }

    /**
     * Signs the descriptor.
     *
     * @param identity the relay's identity key; not kept.
     * @throws IllegalArgumentException if the fields break a rule of the document.
     */
    public RelayDescriptor sign(Ed25519KeyPair identity) {
        return RelayDescriptor.sign(this, identity);
    }

    /** A copy whose fields are complete and keep the rules of the document. */
    RelayDescriptorBuilder checked() {
        final RelayDescriptorBuilder copy = new RelayDescriptorBuilder();
        copy.sequence = sequence;
        copy.linkKey = Objects.requireNonNull(linkKey, "linkKey");
        copy.vrfKey = Objects.requireNonNull(vrfKey, "vrfKey");
        copy.law = Objects.requireNonNull(law, "law");
        copy.schedule = Objects.requireNonNull(schedule, "schedule");
        copy.keys = Objects.requireNonNull(keys, "keys");
        RelayDescriptor.requireOrder(keys);
        keys.forEach(key -> schedule.requireSpan(key.number(), key.notBeforeMs(), key.notAfterMs()));
        if (law.isDisclosed()) {
            schedule.requireFor(law.distribution().maxNs());
        }
        return copy;
    }

    private static byte[] key(String what, byte[] key) {
        if (key.length != RelayDescriptor.KEY_LENGTH) {
            throw new IllegalArgumentException("a " + what + " is 32 bytes: length=" + key.length);
        }
        return key.clone();
    }
}
