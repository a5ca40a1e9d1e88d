package io.millrace.relay;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.epoch.ReplayFilter;
import io.millrace.sphinx.ReplaySet;
import io.millrace.store.CommitPolicy;
import io.millrace.store.ReplayJournal;
import io.millrace.store.Store;
import io.millrace.test.SeededRandomness;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochDelayProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Epochs with a journal each and delays from a VRF: as a relay that discloses its delays has. */
final class DisclosingEpochs implements EngineUnderTest.EpochParts, AutoCloseable {
    static final DelayDistribution LAW = DelayDistribution.uniform(100_000, 900_000);
    private static final byte[] RELAY_ID = new byte[16];

    private final Path folder;
    private final Store store;
    private final EcvrfSecretKey key;

    DisclosingEpochs(Path folder, long seed) throws IOException {
        this.folder = folder;
        this.store = Store.open(folder, CommitPolicy.DEFAULT);
        try (SecretKey secret = SecretKey.generate(new SeededRandomness(new SplittableRandom(seed)))) {
            this.key = EcvrfSecretKey.fromSeed(secret.segment());
        }
    }

    @Override
    public ReplayFilter filter(long number) {
        try (SecretKey mask = SecretKey.blank(SecretKey.LENGTH)) {
            return ReplayFilter.journalled(
                    new ReplaySet(10_000, 1, 2),
                    ReplayJournal.open(store, "ab", number, mask, new SecureRandomness(), false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public DelayEpoch delays(long number) {
        return DelayEpoch.prepare(key, RELAY_ID, number);
    }

    /** File of an epoch's journal. */
    Path journal(long number) {
        return folder.resolve("replay-ab-" + number + ".tags");
    }

    boolean hasJournal(long number) {
        return Files.exists(journal(number));
    }

    /** Whether the relay would disclose it. */
    boolean isTrue(EpochDelayProof opening) {
        return opening.verify(RELAY_ID, key.publicKey().toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void close() throws IOException {
        key.close();
        store.close();
    }
}
