package io.millrace.rig.bed;

import io.millrace.config.EngineConfig;
import io.millrace.receipt.SigningMode;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.util.Optional;

/**
 * How the relay works that is measured. Immutable.
 *
 * @param provider crypto provider of the engine and of the neighbours.
 * @param config sizes and threads of the engine.
 * @param threading as it was asked for, for the report.
 * @param delay distribution of the delays.
 * @param policy who draws them; under SENDER the packets ask for the delays drawn at their preparation.
 * @param inside most packets in the engine at once, those on its wheel included, 1 or more; 1 is low load.
 * @param replay how it remembers packets that it saw.
 * @param receipts how receipts are signed; empty if none are made.
 */
public record MeasuredPath(
        String provider,
        EngineConfig config,
        String threading,
        DelayDistribution delay,
        DelayPolicy policy,
        int inside,
        ReplayMode replay,
        Optional<SigningMode> receipts) {
    /**
     * The same path with other sizes and threads.
     *
     * @param itsThreading as it was asked for.
     */
    public MeasuredPath with(EngineConfig other, String itsThreading) {
        return new MeasuredPath(provider, other, itsThreading, delay, policy, inside, replay, receipts);
    }

    /** The same path with delays that another policy draws. */
    public MeasuredPath with(DelayPolicy other) {
        return new MeasuredPath(provider, config, threading, delay, other, inside, replay, receipts);
    }

    /** The same path with another memory of packets that it saw. */
    public MeasuredPath with(ReplayMode other) {
        return new MeasuredPath(provider, config, threading, delay, policy, inside, other, receipts);
    }

    /** The same path with receipts of another kind, or with none. */
    public MeasuredPath with(Optional<SigningMode> other) {
        return new MeasuredPath(provider, config, threading, delay, policy, inside, replay, other);
    }
}
