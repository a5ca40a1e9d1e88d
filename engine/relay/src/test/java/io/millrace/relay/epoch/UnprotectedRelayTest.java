package io.millrace.relay.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.carrier.Carrier;
import io.millrace.carrier.DatagramBatch;
import io.millrace.config.EngineConfig;
import io.millrace.crypto.SecretKey;
import io.millrace.crypto.SecureRandomness;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RelayEngineBuilder;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.sphinx.ReplaySet;
import io.millrace.vrf.DelaySampler;
import org.junit.jupiter.api.Test;

/** No reachable relay runs without replay protection, whatever its configuration. */
class UnprotectedRelayTest {
    private static SphinxEpoch protectedEpoch(long number) {
        return new SphinxEpoch(number, key(), new ReplaySet(64, 1, 2));
    }

    private static SphinxEpoch unprotectedEpoch(long number) {
        return new SphinxEpoch(number, key(), ReplayFilter.noneInClosedLoop());
    }

    private static RelaySphinxKey key() {
        return new RelaySphinxKey(SecretKey.generate(new SecureRandomness()));
    }

    private static RelayEngineBuilder builder(SphinxEpoch epoch, Carrier carrier) {
        return RelayEngine.builder()
                .config(EngineConfig.builder().slotCount(256).build())
                .keyEpoch(epoch)
                .delay(DelaySampler.sender(1_000_000))
                .carrier(carrier);
    }

    @Test
    void doesNotStartWithoutCarrier() {
        try (SphinxEpoch epoch = unprotectedEpoch(1)) {
            assertThatThrownBy(() -> builder(epoch, null).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("replay protection");
        }
    }

    @Test
    void doesNotStartWithACarrierThatDoesNotSayItIsAClosedLoop() {
        try (SphinxEpoch epoch = unprotectedEpoch(1)) {
            assertThatThrownBy(() -> builder(epoch, new SilentCarrier()).build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("replay protection");
        }
    }

    @Test
    void doesNotRollToAnEpochWithoutIt() {
        try (RelayEngine engine =
                        builder(protectedEpoch(1), new SilentCarrier()).build();
                SphinxEpoch next = unprotectedEpoch(2)) {
            assertThatThrownBy(() -> engine.rollKeyEpoch(next)).isInstanceOf(IllegalArgumentException.class);
            assertThat(engine.keyEpoch()).isEqualTo(1);
        }
    }

    @Test
    void runsInAClosedLoopOnly() {
        final Carrier loop = new SilentCarrier() {
            @Override
            public boolean isClosedLoop() {
                return true;
            }
        };
        try (RelayEngine engine = builder(unprotectedEpoch(1), loop).build()) {
            engine.rollKeyEpoch(unprotectedEpoch(2));
            assertThat(engine.keyEpoch()).isEqualTo(2);
        }
    }

    private static class SilentCarrier implements Carrier {
        @Override
        public int receive(DatagramBatch frames, int limit, int roomLength) {
            return 0;
        }

        @Override
        public int send(int peer, DatagramBatch frames, int from, int count) {
            return 0;
        }

        @Override
        public long receiveErrors() {
            return 0;
        }

        @Override
        public long sendErrors() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
