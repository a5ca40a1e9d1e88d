package io.millrace.relay.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.crypto.SecretKey;
import io.millrace.memory.TrackedArena;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.test.SeededRandomness;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SphinxEpochTest {
    private final SeededRandomness randomness = new SeededRandomness(new SplittableRandom(1));
    private final long liveBytes = TrackedArena.liveBytes();
    private final RelaySphinxKey key = new RelaySphinxKey(SecretKey.generate(randomness));
    private final ReplaySet set = ReplaySet.create(10, randomness);
    private final SphinxEpoch epoch = new SphinxEpoch(7, key, set);

    private boolean hasKey() {
        return key.publicKey().scope().isAlive();
    }

    @Test
    void itsKeyIsWipedAndItsSetFreedWhenItIsRetired() {
        try (RetiredEpoch over = epoch.retire()) {
            assertThat(hasKey()).isFalse();
            assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytes);
            assertThat(over.number()).isEqualTo(7);
        }
    }

    @Test
    void itsKeyIsWipedWhenTheEngineThatClaimedItRetiresIt() {
        assertThat(epoch.claim()).isTrue();
        epoch.discard();
        assertThat(hasKey()).as("of an engine").isTrue();
        epoch.retireClaimed().close();
        assertThat(hasKey()).isFalse();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytes);
    }

    @Test
    void whatItSharesWithAnotherEpochStaysOpenWhenItIsDiscarded() {
        new SphinxEpoch(8, key, ReplaySet.create(10, randomness)).discard(List.of(epoch));
        new SphinxEpoch(8, new RelaySphinxKey(SecretKey.generate(randomness)), set).discard(List.of(epoch));
        assertThat(hasKey()).isTrue();
        assertThat(epoch.claim()).as("its set is open").isTrue();
        epoch.close();
        assertThat(TrackedArena.liveBytes()).isEqualTo(liveBytes);
    }
}
