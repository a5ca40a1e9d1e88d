package io.millrace.node;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.directory.DelayLaw;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.relay.epoch.RetiredEpoch;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.sphinx.RelayPublicKey;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.util.Optional;

/**
 * Makes the key epochs of one relay: Sphinx key from the store, replay set with the tags of the journal, and the key of
 * the delays. Allocates and fills the whole replay set, so it runs on no engine thread.
 *
 * <p>Not thread safe. Owns the VRF key.
 */
final class EpochMaker implements AutoCloseable {
    private final EpochKeyStore store;
    private final byte[] identityId;
    private final EcvrfSecretKey vrfKey;
    private final boolean drawsDelays;
    private final long replayTags;
    private final Optional<NodeJournal> journal;
    private final SecureRandomness randomness = new SecureRandomness();

    /**
     * Takes the VRF key over.
     *
     * @param store of the Sphinx secrets; stays the caller's.
     * @param identityId 16 bytes, in VRF inputs.
     * @param vrfKey gives the delays of each epoch.
     * @param drawsDelays whether the delays of the epochs to be made come from that key.
     * @param replayTags capacity of each replay set, 1 or more.
     * @param journal of the tags, if they are kept over a restart; stays the caller's.
     */
    EpochMaker(
            EpochKeyStore store,
            byte[] identityId,
            EcvrfSecretKey vrfKey,
            boolean drawsDelays,
            long replayTags,
            Optional<NodeJournal> journal) {
        this.store = store;
        this.identityId = identityId.clone();
        this.vrfKey = vrfKey;
        this.drawsDelays = drawsDelays;
        this.replayTags = replayTags;
        this.journal = journal;
    }

    /** Makes a live epoch of the store; its owner closes it. */
    SphinxEpoch make(long number) throws IOException {
        final ReplaySet set = ReplaySet.create(replayTags, randomness);
        RelaySphinxKey key = null;
        boolean made = false;
        try {
            key = key(number);
            final ReplayFilter filter =
                    journal.isPresent() ? journal.get().filter(number, key, set) : ReplayFilter.inMemory(set);
            final SphinxEpoch epoch = new SphinxEpoch(number, key, filter, delays(number, drawsDelays));
            made = true;
            return epoch;
        } finally {
            if (!made) {
                set.close();
                if (key != null) {
                    key.close();
                }
            }
        }
    }

    /**
     * The delays of an epoch that ended outside of an engine; erases its journal first.
     *
     * @param number of the epoch.
     * @param law of its delays, which may be another than that of the epochs to be made.
     */
    RetiredEpoch over(long number, DelayLaw law) throws IOException {
        if (journal.isPresent()) {
            journal.get().eraseLeft(number);
        }
        // The Sphinx key of the epoch is wiped. An epoch has one, and for this one there are no packets.
        return new SphinxEpoch(
                        number,
                        new RelaySphinxKey(SecretKey.generate(randomness)),
                        ReplayFilter.inMemory(ReplaySet.create(1, randomness)),
                        delays(number, law.isDisclosed()))
                .retire();
    }

    /** Forgets the journal of an epoch whose remains are gone. */
    void erased(long number) {
        journal.ifPresent(each -> each.erased(number));
    }

    /** The public half of a live epoch's Sphinx key. */
    RelayPublicKey publicKey(long number) throws IOException {
        try (RelaySphinxKey key = key(number)) {
            return RelayPublicKey.copyOf(key.publicKey(), key.profile());
        }
    }

    private RelaySphinxKey key(long number) throws IOException {
        return new RelaySphinxKey(store.read(number), store.live().get(number).profile());
    }

    /** Wipes the VRF key. */
    @Override
    public void close() {
        vrfKey.close();
    }

    private DelayEpoch delays(long number, boolean drawn) {
        return drawn ? DelayEpoch.prepare(vrfKey, identityId, number) : null;
    }
}
