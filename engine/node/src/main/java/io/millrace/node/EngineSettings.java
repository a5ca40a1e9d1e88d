package io.millrace.node;

import io.millrace.config.EngineConfig;
import io.millrace.config.IdleMode;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.provider.BatchCrypto;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.node.config.EngineEntry;
import io.millrace.node.config.EngineText;
import io.millrace.node.config.ReceiptsEntry;
import io.millrace.node.config.RelayFile;
import io.millrace.relay.PacketReceiptOptions;
import io.millrace.text.ConfigException;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Settings of an engine, from the section {@code [engine]}.
 *
 * @param config sizes and threads.
 * @param crypto of the packet path.
 * @param policy who draws delays.
 * @param distribution of the delays that the relay draws; bounds those that senders draw.
 * @param replayTags packets that a key epoch can remember.
 * @param journal where it remembers them over a restart, if it does.
 * @param receipts that it makes, if it does.
 */
public record EngineSettings(
        EngineConfig config,
        BatchCrypto crypto,
        DelayPolicy policy,
        DelayDistribution distribution,
        long replayTags,
        Optional<JournalSettings> journal,
        Optional<ReceiptSettings> receipts) {
    /** Packets that a key epoch can remember unless the file says otherwise: 4 million, 90 MB. */
    public static final int DEFAULT_REPLAY_TAGS = 1 << 22;

    /** How far behind the clock the wheel may be, on a machine that is busy with other things, before it drops packets. */
    private static final Duration WHEEL_SLACK = Duration.ofSeconds(1);

    private static final long MOST_TICKS = 1 << 20;

    /** A client waits for packets in steps of half of this. */
    private static final Duration CLIENT_TICK = Duration.ofMillis(1);

    /** At 100 packets/s 3.8 bits, where a mean of 1 ms gives none. */
    private static final String DEFAULT_DELAY = "exponential(50ms,500ms)";

    /**
     * Reads the section, and fills in defaults.
     *
     * @throws ConfigException if a name or number is none that the engine knows.
     */
    public static EngineSettings of(EngineEntry entry) {
        final DelayDistribution distribution =
                value("delay", entry.delay().orElse(DEFAULT_DELAY), DelayDistribution::parse);
        final EngineConfig.Builder config = EngineConfig.builder();
        entry.threading()
                .ifPresent(text -> value("threading", text, name -> {
                    EngineText.threading(config, name);
                    return name;
                }));
        entry.waitStrategy().ifPresent(text -> config.idleMode(value("wait", text, EngineText::idleMode)));
        entry.slots().ifPresent(config::slotCount);
        entry.tick().ifPresent(config::tick);
        config.maxDelay(Duration.ofNanos(distribution.maxNs()).plus(WHEEL_SLACK));
        return new EngineSettings(
                build(config, entry, distribution),
                value("provider", entry.provider().orElse("auto"), CryptoProviders::byName),
                value("policy", entry.policy().orElse(DelayPolicy.EPOCH_VRF.label()), DelayPolicy::byLabel),
                distribution,
                entry.replayTags().orElse(DEFAULT_REPLAY_TAGS),
                entry.journal()
                        .map(folder -> new JournalSettings(
                                folder,
                                value("journal-sync", entry.journalSync().orElse("group"), JournalSettings::sync))),
                entry.receipts().map(EngineSettings::receipts));
    }

    /**
     * As {@link #of(EngineEntry)}, for a relay whose packets wait for their receipts no longer than its key epochs last.
     *
     * @throws ConfigException if a name or number is none that the engine knows, or receipts come more rarely than keys change.
     */
    public static EngineSettings of(RelayFile file) {
        final EngineSettings settings = of(file.engine());
        if (!file.epochs().roll() || settings.receipts().isEmpty()) {
            return settings;
        }
        try {
            return new EngineSettings(
                    settings.config(),
                    settings.crypto(),
                    settings.policy(),
                    settings.distribution(),
                    settings.replayTags(),
                    settings.journal(),
                    settings.receipts().map(each -> each.within(file.epochs().length())));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "[engine] receipts-period must be at most length of [epochs]: " + e.getMessage(), e);
        }
    }

    /** The settings of a client: it delays nothing, and works in one thread. */
    public static EngineSettings ofClient() {
        return new EngineSettings(
                EngineConfig.builder()
                        .threading(ThreadingMode.SHARED)
                        .idleMode(IdleMode.BACKOFF)
                        .tick(CLIENT_TICK)
                        .slotCount(4096)
                        .ringSize(1024)
                        .build(),
                CryptoProviders.byName("auto"),
                DelayPolicy.SENDER,
                DelayDistribution.uniform(0, 0),
                DEFAULT_REPLAY_TAGS,
                Optional.empty(),
                Optional.empty());
    }

    /** Slots and threads are in range: the tick may not suit the longest delay. */
    private static EngineConfig build(EngineConfig.Builder config, EngineEntry entry, DelayDistribution distribution) {
        try {
            return config.build();
        } catch (IllegalArgumentException e) {
            final long longestNs = distribution.maxNs() + WHEEL_SLACK.toNanos();
            final long leastNs = Math.max(1_000, -Math.floorDiv(-longestNs, MOST_TICKS));
            throw new ConfigException(
                    entry.tick()
                            .map(tick -> "[engine] tick=" + tick.toNanos() + "ns: must be " + leastNs + "ns to "
                                    + longestNs + "ns for the longest delay")
                            .orElseGet(() -> "[engine] delay=" + entry.delay().orElse(DEFAULT_DELAY)
                                    + ": needs a longer tick, " + leastNs + "ns or more"),
                    e);
        }
    }

    private static ReceiptSettings receipts(ReceiptsEntry entry) {
        final PacketReceiptOptions packets;
        try {
            packets = ReceiptSettings.packets(entry.packets(), entry.period());
        } catch (IllegalArgumentException e) {
            throw new ConfigException("[engine] receipts-period: " + e.getMessage(), e);
        }
        return new ReceiptSettings(
                entry.folder(),
                value("receipts-of", entry.operations().orElse(ReceiptSettings.ALL), ReceiptSettings::operations),
                value("receipts-mode", entry.mode().orElse("batch"), ReceiptSettings::mode),
                packets,
                ReceiptSettings.retention(entry.keep(), entry.segmentMib()));
    }

    private static <T> T value(String key, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("[engine] " + key + "=" + text + ": " + e.getMessage(), e);
        }
    }
}
