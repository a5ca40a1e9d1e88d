package io.millrace.rig.bed;

import io.millrace.config.EngineConfig;
import io.millrace.node.config.EngineSettings;
import io.millrace.node.config.Key;
import io.millrace.node.config.ReceiptSettings;
import io.millrace.receipt.SigningMode;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.util.Optional;

/**
 * The relay that is measured, and its load. Immutable.
 *
 * @param engine settings of its engine, as a relay has them; under SENDER the packets ask for the delays drawn at their
 *     preparation. The folders of journal and receipts are not used: a measurement has temporary ones.
 * @param inside most packets in the engine at once, those on its wheel included, 1 or more; 1 is low load.
 * @param replay how it remembers packets that it saw.
 */
public record MeasuredPath(EngineSettings engine, int inside, ReplayMode replay) {
    /** Name of the crypto provider of the engine and of the neighbours. */
    public String provider() {
        return engine.provider();
    }

    /** Sizes and threads of the engine. */
    public EngineConfig config() {
        return engine.config();
    }

    /** Threads of the engine, as a file has them. */
    public String threading() {
        return engine.threads().toString();
    }

    /** Distribution of the delays. */
    public DelayDistribution delay() {
        return engine.distribution();
    }

    /** Who draws the delays. */
    public DelayPolicy policy() {
        return engine.policy();
    }

    /** How receipts are signed; empty if none are made. */
    public Optional<SigningMode> receipts() {
        return engine.receipts().map(ReceiptSettings::mode);
    }

    /** Whether a packet goes on only when its tag is on the disk; only with a journal. */
    boolean durableFirst() {
        return engine.journal().isPresent() && engine.journal().get().durableFirst();
    }

    /**
     * The same path with another value of one setting of the engine.
     *
     * @param <T> type of the values of the key.
     * @param key of threads, delays or memory.
     * @param value its other value.
     * @return the other path.
     */
    public <T> MeasuredPath with(Key<T> key, T value) {
        return new MeasuredPath(engine.with(key, value), inside, replay);
    }

    /**
     * The same path with another memory of packets that it saw.
     *
     * @param other memory.
     * @return the other path.
     */
    public MeasuredPath with(ReplayMode other) {
        return new MeasuredPath(engine, inside, other);
    }

    /**
     * The same path with receipts of another kind, or with none.
     *
     * @param mode how receipts are signed; empty for none.
     * @return the other path.
     */
    public MeasuredPath with(Optional<SigningMode> mode) {
        return new MeasuredPath(engine.withReceipts(mode), inside, replay);
    }
}
