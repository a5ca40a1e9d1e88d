package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.directory.DelayLaw;
import io.millrace.directory.FolderPublisher;
import io.millrace.directory.KeyRole;
import io.millrace.directory.NetworkClock;
import io.millrace.memory.TrackedArena;
import io.millrace.node.keys.EpochKeyStore;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochWorkTest {
    private static final long FIRST = 1_000;
    private static final long LENGTH = EpochsUnderTest.SCHEDULE.lengthMs();
    private static final DelayLaw LAW = new DelayLaw(DelayPolicy.SENDER, EpochsUnderTest.LAW.distribution());

    @TempDir
    private Path folder;

    private final AtomicLong wallMs = new AtomicLong(FIRST * LENGTH + 10_000);

    /** The relay starts again in an overlap, so that it has two epochs, and its engine has the second one already. */
    @Test
    void wipesAnEpochThatTheEngineRefuses() throws Exception {
        try (SecretKey root = SecretKey.generate(new SecureRandomness())) {
            open(root).close();
            wallMs.set((FIRST + 1) * LENGTH + 1_000);
            try (RelayEpochs epochs = open(root);
                    RelayEngine engine = RelayEngine.builder()
                            .crypto(CryptoProviders.byName("sodium"))
                            .keyEpoch(epochs.first())
                            .delay(DelaySampler.sender(1_000_000))
                            .build()) {
                engine.acceptKeyEpoch(new SphinxEpoch(
                        FIRST + 1,
                        new RelaySphinxKey(SecretKey.generate(new SecureRandomness())),
                        new ReplaySet(10, 1, 2)));
                final long live = TrackedArena.liveBytes();

                assertThatThrownBy(() -> epochs.attach(engine)).isInstanceOf(IllegalArgumentException.class);

                assertThat(TrackedArena.liveBytes()).isEqualTo(live);
            }
        }
    }

    private RelayEpochs open(SecretKey root) throws IOException {
        final EpochKeyStore store = EpochKeyStore.open(folder.resolve("keys"));
        try (EcvrfSecretKey vrf = KeyRole.vrfKey(root.segment())) {
            return new RelayEpochs(
                    EpochsUnderTest.SCHEDULE,
                    LAW,
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
}
