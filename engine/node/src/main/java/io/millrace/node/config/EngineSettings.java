package io.millrace.node.config;

import io.millrace.config.EngineConfig;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.receipts.PacketReceiptOptions;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All settings of an engine, checked against each other, with the defaults of {@link EngineKeys}. Relays, clients and
 * measurements make their engines from it.
 *
 * <p>Immutable.
 *
 * @param config sizes and threads.
 * @param provider name of the crypto provider of the packet path, one that this machine runs.
 * @param profile wire profile of the packets for the relay's keys.
 * @param policy who draws delays.
 * @param distribution of the delays that the relay draws; bounds those that senders draw.
 * @param replayTags packets that a key epoch can remember, 1 or more.
 * @param journal where it remembers them over a restart, if it does.
 * @param receipts that it makes, if it does.
 */
public record EngineSettings(
        EngineConfig config,
        String provider,
        SphinxProfile profile,
        DelayPolicy policy,
        DelayDistribution distribution,
        int replayTags,
        Optional<JournalSettings> journal,
        Optional<ReceiptSettings> receipts) {
    private static final long MOST_TICKS = 1 << 20;
    private static final int SLOTS_PER_BATCH = 4;

    /**
     * Settings from given values and defaults.
     *
     * @param given values of {@link EngineKeys#SECTION}.
     * @return the settings of a relay that keeps its key.
     * @throws io.millrace.text.ConfigException if values do not fit each other; the message names them.
     */
    public static EngineSettings of(Given given) {
        return of(given, Optional.empty());
    }

    /**
     * Settings of a relay.
     *
     * @param given values of {@link EngineKeys#SECTION}.
     * @param epoch length of its key epochs, for which packets wait for their receipts at the longest; empty if it keeps its
     *     key.
     */
    static EngineSettings of(Given given, Optional<Duration> epoch) {
        given.requireFor(EngineKeys.JOURNAL, EngineKeys.JOURNAL_SYNC);
        given.requireFor(
                EngineKeys.RECEIPTS,
                EngineKeys.RECEIPTS_OF,
                EngineKeys.RECEIPTS_MODE,
                EngineKeys.RECEIPTS_PACKETS,
                EngineKeys.RECEIPTS_PERIOD,
                EngineKeys.RECEIPTS_KEEP,
                EngineKeys.RECEIPTS_SEGMENT);
        return new EngineSettings(
                config(given),
                given.value(EngineKeys.PROVIDER),
                given.value(EngineKeys.PROFILE),
                given.value(EngineKeys.POLICY),
                given.value(EngineKeys.DELAY),
                given.value(EngineKeys.REPLAY_TAGS),
                given.get(EngineKeys.JOURNAL)
                        .map(folder -> new JournalSettings(folder, given.value(EngineKeys.JOURNAL_SYNC))),
                given.get(EngineKeys.RECEIPTS)
                        .map(folder -> new ReceiptSettings(
                                folder,
                                given.value(EngineKeys.RECEIPTS_OF),
                                given.value(EngineKeys.RECEIPTS_MODE),
                                packets(given, epoch),
                                ReceiptSettings.retention(
                                        given.value(EngineKeys.RECEIPTS_KEEP),
                                        given.value(EngineKeys.RECEIPTS_SEGMENT)))));
    }

    /**
     * The settings of a client of a profile.
     *
     * @param profile of its packets.
     */
    public static EngineSettings ofClient(SphinxProfile profile) {
        return ofClient().with(EngineKeys.PROFILE, profile);
    }

    /** The settings of a client: it delays nothing, and works in one thread. */
    public static EngineSettings ofClient() {
        return of(Map.of(
                EngineKeys.THREADING.name(), "shared",
                EngineKeys.POLICY.name(), "sender",
                EngineKeys.DELAY.name(), "uniform(0ns,0ns)",
                EngineKeys.TICK.name(), "1ms",
                EngineKeys.SLOTS.name(), "4096",
                EngineKeys.RING.name(), "1024"));
    }

    /**
     * Settings from texts, as {@link #texts} gives them.
     *
     * @param texts by name of the key, each as a file has it without quotes.
     * @return the settings; other keys have their defaults.
     * @throws io.millrace.text.ConfigException if there is no such key, or a value is not allowed.
     */
    public static EngineSettings of(Map<String, String> texts) {
        Given given = Given.none(EngineKeys.SECTION);
        for (Map.Entry<String, String> each : texts.entrySet()) {
            final Key<?> key = EngineKeys.SECTION
                    .key(each.getKey())
                    .orElseThrow(() -> new IllegalArgumentException("no key of an engine: key=" + each.getKey()));
            given = given.with(key, each.getValue(), key.name());
        }
        return of(given);
    }

    /**
     * The same settings but for one.
     *
     * @param <T> type of the values of the key.
     * @param key of threads, delays or memory, not of journal or receipts.
     * @param value its other value.
     * @return the settings with it, checked again.
     */
    public <T> EngineSettings with(Key<T> key, T value) {
        final Map<String, String> texts = withoutState().texts();
        texts.put(key.name(), key.form().write(value));
        final EngineSettings other = of(texts);
        return new EngineSettings(
                other.config,
                other.provider,
                other.profile,
                other.policy,
                other.distribution,
                other.replayTags,
                journal,
                receipts);
    }

    /** The same settings without journal and receipts. */
    public EngineSettings withoutState() {
        return new EngineSettings(
                config, provider, profile, policy, distribution, replayTags, Optional.empty(), Optional.empty());
    }

    /**
     * The same settings with other receipts.
     *
     * @param mode of their signatures; empty for no receipts. All else about them stays, or is by default.
     * @return the settings with them.
     */
    public EngineSettings withReceipts(Optional<SigningMode> mode) {
        return new EngineSettings(
                config,
                provider,
                profile,
                policy,
                distribution,
                replayTags,
                journal,
                mode.map(each -> receipts.orElseGet(ReceiptSettings::standard).with(each)));
    }

    /**
     * Every setting as a file has it, without quotes, by name of the key. {@link #of(Map)} gives the same settings again, but
     * that packets wait for their receipts as long as at a relay that keeps its key.
     */
    public Map<String, String> texts() {
        final Map<String, String> texts = new LinkedHashMap<>();
        put(texts, EngineKeys.THREADING, threads());
        put(texts, EngineKeys.IDLE, config.idleMode());
        put(texts, EngineKeys.PROVIDER, provider);
        put(texts, EngineKeys.PROFILE, profile);
        put(texts, EngineKeys.POLICY, policy);
        put(texts, EngineKeys.DELAY, distribution);
        put(texts, EngineKeys.TICK, config.tick());
        put(texts, EngineKeys.WHEEL_SLACK, slack());
        put(texts, EngineKeys.SLOTS, config.slotCount());
        put(texts, EngineKeys.BATCH, config.batchLimit());
        put(texts, EngineKeys.RING, config.ringSize());
        put(texts, EngineKeys.EGRESS, config.egressLimit());
        put(texts, EngineKeys.REPLAY_TAGS, replayTags);
        journal.ifPresent(each -> {
            put(texts, EngineKeys.JOURNAL, each.folder());
            put(texts, EngineKeys.JOURNAL_SYNC, each.durableFirst());
        });
        receipts.ifPresent(each -> {
            put(texts, EngineKeys.RECEIPTS, each.folder());
            put(texts, EngineKeys.RECEIPTS_OF, each.operations());
            put(texts, EngineKeys.RECEIPTS_MODE, each.mode());
            put(texts, EngineKeys.RECEIPTS_PACKETS, each.packets().leastPackets());
            put(texts, EngineKeys.RECEIPTS_PERIOD, each.packets().period());
            if (each.retention().keep() != EngineKeys.RECEIPTS_KEEP.standard().orElseThrow()) {
                put(texts, EngineKeys.RECEIPTS_KEEP, each.retention().keep());
            }
            put(texts, EngineKeys.RECEIPTS_SEGMENT, each.segmentMib());
        });
        return texts;
    }

    /** Threads of the engine. */
    public EngineKeys.Threads threads() {
        return new EngineKeys.Threads(config.threading(), config.peelWorkers());
    }

    /** The crypto provider. */
    public BatchCrypto crypto() {
        return CryptoProviders.byName(provider);
    }

    /** How far the wheel may fall behind the clock. */
    private Duration slack() {
        final Duration slack = config.maxDelay().minusNanos(distribution.maxNs());
        return slack.isNegative() ? Duration.ZERO : slack;
    }

    private static <T> void put(Map<String, String> texts, Key<T> key, T value) {
        texts.put(key.name(), key.form().write(value));
    }

    private static EngineConfig config(Given given) {
        final int slots = given.value(EngineKeys.SLOTS);
        final int mostBatch = slots / SLOTS_PER_BATCH;
        final int batch = given.get(EngineKeys.BATCH)
                .orElse(Math.min(EngineConfig.builder().build().batchLimit(), mostBatch));
        if (batch > mostBatch) {
            throw given.wrong(
                    "batch must be at most a quarter of slots, " + mostBatch + " of " + slots,
                    EngineKeys.BATCH,
                    EngineKeys.SLOTS);
        }
        final EngineKeys.Threads threads = given.value(EngineKeys.THREADING);
        return EngineConfig.builder()
                .threading(threads.mode())
                .peelWorkers(threads.peelWorkers())
                .idleMode(given.value(EngineKeys.IDLE))
                .slotCount(slots)
                .ringSize(given.value(EngineKeys.RING))
                .batchLimit(batch)
                .tick(given.value(EngineKeys.TICK))
                .maxDelay(maxDelay(given))
                .egressLimit(given.value(EngineKeys.EGRESS))
                .build();
    }

    /** Span of the delay wheel: the longest delay and the slack, 1 to 2^20 ticks. */
    private static Duration maxDelay(Given given) {
        final Duration tick = given.value(EngineKeys.TICK);
        final Duration longest =
                Duration.ofNanos(given.value(EngineKeys.DELAY).maxNs()).plus(given.value(EngineKeys.WHEEL_SLACK));
        final Duration leastTick = Duration.ofNanos(Math.ceilDiv(longest.toNanos(), MOST_TICKS));
        if (tick.compareTo(leastTick) < 0) {
            throw given.wrong(
                    "tick must be " + ValueForms.text(leastTick) + " or more, for a longest delay of "
                            + ValueForms.text(Duration.ofNanos(
                                    given.value(EngineKeys.DELAY).maxNs()))
                            + " and a wheel-slack of " + ValueForms.text(given.value(EngineKeys.WHEEL_SLACK)),
                    EngineKeys.TICK,
                    EngineKeys.DELAY,
                    EngineKeys.WHEEL_SLACK);
        }
        return longest.compareTo(tick) < 0 ? tick : longest;
    }

    private static PacketReceiptOptions packets(Given given, Optional<Duration> epoch) {
        final Duration longest = epoch.orElse(PacketReceiptOptions.DEFAULT.longest());
        final Duration period = given.value(EngineKeys.RECEIPTS_PERIOD);
        if (period.compareTo(longest) > 0) {
            throw given.wrong(
                    "must be at most " + ValueForms.text(longest)
                            + (epoch.isPresent() ? ", the length of [epochs]" : " at a relay that keeps its key"),
                    EngineKeys.RECEIPTS_PERIOD);
        }
        return new PacketReceiptOptions(given.value(EngineKeys.RECEIPTS_PACKETS), period, longest);
    }
}
