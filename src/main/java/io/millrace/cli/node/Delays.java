package io.millrace.cli.node;

import io.millrace.cli.keys.KeyFile;
import io.millrace.relay.RelayEngine;
import io.millrace.sphinx.RelayId;
import io.millrace.sphinx.RelaySphinxKey;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import io.millrace.vrf.EpochKey;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Where a relay's delays come from: its VRF key, and under {@link DelayPolicy#EPOCH_VRF} the epochs by the wall clock.
 *
 * <p>Not thread safe. Closed after the engine.
 */
final class Delays implements AutoCloseable {
    /** Length of an epoch; epochs are counted from 1970. */
    static final Duration EPOCH = Duration.ofHours(1);

    private final EcvrfSecretKey key;
    private final byte[] relayId = new byte[RelayId.LENGTH];
    private boolean epochs;
    private long epoch;
    private CompletableFuture<EpochKey> retiring = CompletableFuture.completedFuture(null);

    private Delays(EcvrfSecretKey key, RelayId id) {
        this.key = key;
        id.writeTo(MemorySegment.ofArray(relayId), 0);
    }

    /** Takes what it needs from {@code keys}. */
    static Delays of(KeyFile keys) {
        try (RelaySphinxKey sphinx = keys.sphinxKey()) {
            return new Delays(keys.vrfKey(), sphinx.id());
        }
    }

    /** Makes the engine's sampler, which the engine closes. */
    DelaySampler sampler(EngineSettings settings, Instant now) {
        epochs = settings.policy() == DelayPolicy.EPOCH_VRF;
        epoch = epochOf(now);
        return switch (settings.policy()) {
            case SENDER -> DelaySampler.sender(settings.distribution().maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(settings.distribution(), EpochKey.prepare(key, relayId, epoch));
            case PACKET_VRF -> DelaySampler.packetVrf(settings.distribution(), key);
        };
    }

    /** Goes on to the next epoch when the clock has. */
    void rollIfDue(RelayEngine engine, Instant now) {
        if (epochs && epochOf(now) > epoch && retiring.isDone()) {
            epoch = epochOf(now);
            retiring = engine.rollDelayEpoch(EpochKey.prepare(key, relayId, epoch))
                    .whenComplete((retired, failure) -> {
                        if (retired != null) {
                            retired.close();
                        }
                    });
        }
    }

    /** Wipes the VRF key. */
    @Override
    public void close() {
        key.close();
    }

    private static long epochOf(Instant now) {
        return now.getEpochSecond() / EPOCH.toSeconds();
    }
}
