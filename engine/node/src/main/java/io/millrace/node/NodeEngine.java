package io.millrace.node;

import io.millrace.carrier.Carrier;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.link.LinkIdentity;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.ReceiptSettings;
import io.millrace.relay.RelayEngine;
import io.millrace.relay.RelayEngineBuilder;
import io.millrace.relay.epoch.EpochSchedule;
import io.millrace.relay.epoch.EpochSource;
import io.millrace.relay.epoch.NetworkClock;
import io.millrace.relay.epoch.SphinxEpoch;
import io.millrace.relay.packet.RelayListener;
import io.millrace.relay.peer.Peer;
import io.millrace.relay.receipts.ReceiptService;
import io.millrace.vrf.DelayEpoch;
import io.millrace.vrf.DelayPolicy;
import io.millrace.vrf.DelaySampler;
import io.millrace.vrf.EcvrfSecretKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The one place where an engine is made from its settings. The commands {@code relay}, {@code send} and {@code receive} make
 * theirs here, and so do {@code bench} and {@code knee}: they measure the engine that a relay with the same settings runs.
 */
public final class NodeEngine {
    private NodeEngine() {}

    /** Where the key epochs of an engine come from. */
    public sealed interface Epochs {}

    /**
     * One epoch, which stays unless the caller rolls.
     *
     * @param epoch belongs to the engine.
     */
    public record First(SphinxEpoch epoch) implements Epochs {
        /** Checks that there is one. */
        public First {
            Objects.requireNonNull(epoch, "epoch");
        }
    }

    /**
     * Epochs that the engine rolls.
     *
     * @param schedule ties them to time.
     * @param source makes them; stays the caller's.
     * @param clock network time.
     */
    public record Rolling(EpochSchedule schedule, EpochSource source, NetworkClock clock) implements Epochs {}

    /**
     * Parts of an engine that its settings do not give.
     *
     * @param crypto provider of the packet path: that of the settings, or one around it that measures; stays the caller's.
     * @param vrfKey draws delays under {@link DelayPolicy#PACKET_VRF}; stays the caller's and outlives the engine.
     * @param epochs key epochs.
     * @param carrier of the linked peers; belongs to the engine.
     * @param identity of handshaked links, if there are any; belongs to the engine.
     * @param peers in the order of their indexes.
     * @param listener called for packets.
     * @param receipts takes receipts for packets, for which the settings must have receipts; stays the caller's.
     */
    public record Parts(
            BatchCrypto crypto,
            EcvrfSecretKey vrfKey,
            Epochs epochs,
            Carrier carrier,
            Optional<LinkIdentity> identity,
            List<Peer> peers,
            RelayListener listener,
            Optional<ReceiptService> receipts) {
        /** Copies the list. */
        public Parts {
            Objects.requireNonNull(crypto, "crypto");
            Objects.requireNonNull(epochs, "epochs");
            peers = List.copyOf(peers);
        }
    }

    /**
     * Makes an engine, which is not started.
     *
     * @param settings sizes, threads, delays and receipts.
     * @param parts all else; those that belong to the engine are closed if this fails.
     * @return the engine; its owner closes it.
     * @throws IllegalArgumentException if the parts do not fit each other.
     */
    public static RelayEngine build(EngineSettings settings, Parts parts) {
        final RelayEngineBuilder builder = RelayEngine.builder()
                .config(settings.config())
                .crypto(parts.crypto())
                .delay(sampler(settings, parts.vrfKey()))
                .carrier(parts.carrier())
                .listener(parts.listener());
        switch (parts.epochs()) {
            case First first -> builder.keyEpoch(first.epoch());
            case Rolling rolling ->
                builder.epochs(rolling.schedule(), rolling.source()).epochClock(rolling.clock());
        }
        parts.identity().ifPresent(builder::identity);
        parts.peers().forEach(builder::peer);
        parts.receipts().ifPresent(service -> {
            final ReceiptSettings receipts = settings.receipts().orElseThrow();
            builder.receipts(service, receipts.operations(), receipts.packets());
        });
        return builder.build();
    }

    /**
     * Makes the sampler of the delays.
     *
     * @param settings policy and distribution.
     * @param vrfKey draws delays under {@link DelayPolicy#PACKET_VRF}; stays the caller's and outlives the sampler.
     * @return the sampler; its taker closes it.
     */
    public static DelaySampler sampler(EngineSettings settings, EcvrfSecretKey vrfKey) {
        return switch (settings.policy()) {
            case SENDER -> DelaySampler.sender(settings.distribution().maxNs());
            case EPOCH_VRF -> DelaySampler.epochVrf(settings.distribution());
            case PACKET_VRF -> DelaySampler.packetVrf(settings.distribution(), vrfKey);
        };
    }

    /**
     * Makes the key of the delays of one epoch.
     *
     * @param settings policy of the delays.
     * @param vrfKey gives the output of the epoch; stays the caller's.
     * @param id of the relay, 16 bytes.
     * @param number of the epoch, 0 or more.
     * @return the key, which its taker closes; null unless delays come from epochs.
     */
    public static DelayEpoch delayEpoch(EngineSettings settings, EcvrfSecretKey vrfKey, byte[] id, long number) {
        return settings.policy() == DelayPolicy.EPOCH_VRF ? DelayEpoch.prepare(vrfKey, id, number) : null;
    }
}
