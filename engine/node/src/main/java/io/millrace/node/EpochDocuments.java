package io.millrace.node;

import io.millrace.crypto.Ed25519KeyPair;
import io.millrace.directory.DelayDisclosure;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.EpochPublicKey;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.RelayDescriptor;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.node.keys.EpochSpan;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Signs and publishes the documents of one relay: its descriptor, and the disclosures of its delays.
 *
 * <p>Not thread safe. Owns the identity key.
 */
final class EpochDocuments implements AutoCloseable {
    private final Ed25519KeyPair identity;
    private final byte[] linkKey;
    private final byte[] vrfKey;
    private final EpochSchedule schedule;
    private final FolderPublisher publisher;
    private final Map<Long, RelayPublicKey> publicKeys = new HashMap<>();

    /**
     * Takes the identity key over.
     *
     * @param identity signs.
     * @param linkKey X25519 public key of links, 32 bytes.
     * @param vrfKey ECVRF public key, 32 bytes.
     * @param schedule of the epochs.
     * @param publisher where the documents go.
     */
    EpochDocuments(
            Ed25519KeyPair identity, byte[] linkKey, byte[] vrfKey, EpochSchedule schedule, FolderPublisher publisher) {
        this.identity = identity;
        this.linkKey = linkKey.clone();
        this.vrfKey = vrfKey.clone();
        this.schedule = schedule;
        this.publisher = publisher;
    }

    /**
     * Publishes a descriptor of the newest live epochs of the store, as far back as no number is missing.
     *
     * @param store with at least one live epoch.
     * @param maker gives the public keys.
     * @param law of the delays.
     * @param nowMs network time in milliseconds since 1970.
     */
    void announce(EpochKeyStore store, EpochMaker maker, DelayLaw law, long nowMs) throws IOException {
        publicKeys.keySet().retainAll(store.live().keySet());
        final List<EpochPublicKey> keys = new ArrayList<>();
        for (EpochSpan span : store.live().descendingMap().values()) {
            if (!keys.isEmpty() && keys.getLast().number() != span.number() + 1) {
                break; // of a time before the process was suspended: no sender uses it
            }
            RelayPublicKey key = publicKeys.get(span.number());
            if (key == null) {
                key = maker.publicKey(span.number());
                publicKeys.put(span.number(), key);
            }
            keys.add(new EpochPublicKey(span.number(), key, span.notBeforeMs(), span.notAfterMs()));
        }
        publisher.publish(RelayDescriptor.builder()
                .sequence(store.nextSequence(nowMs))
                .linkKey(linkKey)
                .vrfKey(vrfKey)
                .law(law)
                .schedule(schedule)
                .keys(keys.reversed())
                .sign(identity));
    }

    /**
     * Publishes the disclosure of an epoch that is over.
     *
     * @param span of the epoch.
     * @param proof of its delays.
     */
    void disclose(EpochSpan span, EpochDelayProof proof) throws IOException {
        publisher.publish(DelayDisclosure.sign(
                identity, proof, DelayLaw.parse(span.law()), span.notBeforeMs(), span.notAfterMs()));
    }

    /** Number of the newest epoch that was disclosed. */
    OptionalLong latestDisclosed() throws IOException {
        return publisher.latest();
    }

    /** Wipes the identity key. */
    @Override
    public void close() {
        identity.close();
    }
}
