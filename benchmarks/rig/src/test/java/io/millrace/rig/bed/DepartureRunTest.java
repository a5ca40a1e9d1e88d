package io.millrace.rig.bed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.config.EngineConfig;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.memory.TrackedArena;
import io.millrace.node.config.EngineKeys;
import io.millrace.node.config.EngineSettings;
import io.millrace.rig.crypto.CheatingCrypto;
import io.millrace.rig.judge.Judgement;
import io.millrace.rig.judge.Mutant;
import io.millrace.rig.judge.Passages;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real packets through a real engine, judged by when they leave. Delays are long, so that a busy machine does not hide them.
 */
class DepartureRunTest {
    private static final DelayDistribution DELAY = DelayDistribution.parse("exponential(300ms,1200ms)");
    private static final BatchCrypto PROVIDER = CryptoProviders.byName("auto");
    private static final int PACKETS = 4_096;

    private static BenchFixture bed;

    @BeforeAll
    static void prepare() {
        bed = new BenchFixture(PROVIDER, SphinxProfile.MR1, PACKETS, 16);
    }

    @AfterAll
    static void close() {
        bed.close();
    }

    @ParameterizedTest
    @CsvSource({"SHARED, EPOCH_VRF", "SPLIT, EPOCH_VRF", "PARALLEL, EPOCH_VRF", "SHARED, SENDER", "SPLIT, PACKET_VRF"})
    void anHonestRelayPasses(ThreadingMode threading, DelayPolicy policy) throws InterruptedException {
        final Passages passages = run(PROVIDER, threading, policy);
        final Judgement judgement = judge(passages);

        assertThat(passages.count()).isEqualTo(PACKETS);
        assertThat(judgement.delays().earlyShare()).isZero();
        assertThat(judgement.delays().emittedSlope()).as("%s", judgement).isCloseTo(1, within(0.1));
        assertThat(judgement.delays().passed()).as("%s", judgement).isTrue();
        assertThat(judgement.anonymity().passed()).as("%s", judgement).isTrue();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TICK_ORDER")
    void aRelayThatCheatsWithItsDelaysFails(Mutant mutant) throws InterruptedException {
        try (TrackedArena arena = TrackedArena.shared()) {
            final Judgement judgement = judge(run(
                    new CheatingCrypto(PROVIDER, mutant, DELAY, arena), ThreadingMode.SHARED, DelayPolicy.EPOCH_VRF));

            assertThat(judgement.delays().passed())
                    .as("%s: %s", mutant, judgement)
                    .isFalse();
        }
    }

    private static Passages run(BatchCrypto crypto, ThreadingMode threading, DelayPolicy policy)
            throws InterruptedException {
        final EngineSettings engine = EngineSettings.of(Map.of("provider", PROVIDER.name(), "delay", DELAY.toString()))
                .with(EngineKeys.THREADING, new EngineKeys.Threads(threading, 1))
                .with(EngineKeys.POLICY, policy);
        final MeasuredPath path = new MeasuredPath(engine, 64, ReplayMode.EXACT);
        final PreparedPackets packets = policy == DelayPolicy.SENDER ? bed.delayed(DELAY) : bed.undelayed();
        return new DepartureRun(bed, path, crypto, PROVIDER, packets).run(1);
    }

    private static Judgement judge(Passages passages) {
        return Judgement.of(
                passages, DELAY, EngineConfig.builder().build().tick().toNanos(), new Judgement.Place(0, 1, 1));
    }
}
