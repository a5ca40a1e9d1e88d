package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.KeyRole;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay moves to another wire profile with the first epoch that it has not announced. */
class EpochProfilesTest {
    private static final long LENGTH = EpochsUnderTest.SCHEDULE.lengthMs();
    private static final DelayLaw LAW = new DelayLaw(DelayPolicy.SENDER, EpochsUnderTest.LAW.distribution());

    @TempDir
    private Path folder;

    private final AtomicLong wallMs = new AtomicLong(1_000 * LENGTH + 10_000);

    @Test
    void announcedEpochsKeepTheirProfileAndLaterOnesHaveTheNewOne() throws IOException {
        try (SecretKey root = SecretKey.generate(new SecureRandomness())) {
            assertThat(profileOf(open(root, SphinxProfile.MR1), 1_000)).isEqualTo(SphinxProfile.MR1);
            assertThat(profiles()).isNotEmpty().containsOnly(SphinxProfile.MR1);
            final int announced = profiles().size();
            final long last = 1_000L + announced - 1;
            wallMs.set(last * LENGTH - 10_000);

            assertThat(profileOf(open(root, SphinxProfile.MR2), last)).isEqualTo(SphinxProfile.MR1);
            assertThat(profiles()).contains(SphinxProfile.MR1, SphinxProfile.MR2);
            assertThat(profileOf(open(root, SphinxProfile.MR2), last + 1)).isEqualTo(SphinxProfile.MR2);
            // Back again: the epochs that are announced as mr2 stay so.
            assertThat(profileOf(open(root, SphinxProfile.MR1), last + 1)).isEqualTo(SphinxProfile.MR2);
        }
    }

    /** The profile of the key that the engine gets for an epoch; closes the epochs. */
    private static SphinxProfile profileOf(StoredEpochs epochs, long number) throws IOException {
        try (epochs;
                SphinxEpoch epoch = epochs.make(number)) {
            return epoch.key().profile();
        }
    }

    private StoredEpochs open(SecretKey root, SphinxProfile profile) throws IOException {
        final EpochKeyStore store = EpochKeyStore.open(folder.resolve("keys"));
        try (EcvrfSecretKey vrf = KeyRole.vrfKey(root.segment())) {
            return new StoredEpochs(
                    EpochsUnderTest.SCHEDULE,
                    LAW,
                    profile,
                    store,
                    new EpochMaker(store, new byte[16], KeyRole.vrfKey(root.segment()), false, 10, Optional.empty()),
                    new EpochDocuments(
                            KeyRole.identityKey(root.segment()),
                            new byte[32],
                            vrf.publicKey().toArray(ValueLayout.JAVA_BYTE),
                            EpochsUnderTest.SCHEDULE,
                            FolderPublisher.open(folder.resolve("public"), FolderPublisher.DEFAULT_CAPACITY)),
                    new NetworkClock(wallMs::get, () -> 1),
                    new SecureRandomness());
        }
    }

    /** Of the epochs on the disk, in the order of their numbers. */
    private List<SphinxProfile> profiles() throws IOException {
        final List<SphinxProfile> profiles = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("keys"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".span"))
                    .sorted()
                    .toList()) {
                final List<String> lines = Files.readAllLines(file);
                profiles.add(lines.size() == 3 ? SphinxProfile.MR1 : SphinxProfile.byLabel(lines.get(3)));
            }
        }
        return profiles;
    }
}
