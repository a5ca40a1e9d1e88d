package io.millrace.node.config;

import io.millrace.config.EngineConfig;
import io.millrace.config.IdleMode;
import io.millrace.config.ThreadingMode;
import io.millrace.crypto.provider.CryptoProviders;
import io.millrace.receipt.Operation;
import io.millrace.receipt.PacketCommitter;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.receipts.PacketReceiptOptions;
import io.millrace.sphinx.SphinxProfile;
import io.millrace.vrf.DelayDistribution;
import io.millrace.vrf.DelayPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of the table {@code [engine]}: every setting of an engine, its range and its default. */
public final class EngineKeys {
    /** Short delays, the default of measurements and of {@code demo}: as many packets wait as fit into memory. */
    public static final String SHORT_DELAY = "exponential(1ms,10ms)";

    /** Default of {@link #REPLAY_TAGS}. */
    public static final int DEFAULT_REPLAY_TAGS = 1 << 22;

    private static final EngineConfig DEFAULTS = EngineConfig.builder().build();
    private static final int MOST_COUNT = 1 << 20;
    private static final int LEAST_SLOTS = 64;
    private static final int MOST_BATCH = 256;
    private static final int MOST_WORKERS = 64;
    private static final Pattern PARALLEL = Pattern.compile("parallel\\(([0-9]{1,2})\\)");

    /** Threads of the engine. */
    public static final Key<Threads> THREADING = Key.of(
                    "threading",
                    threading(),
                    "split",
                    "Spreads the work over threads: shared uses one, split uses one for sockets and one for packets,"
                            + " parallel(N) adds N threads that peel.")
            .or(new Threads(DEFAULTS.threading(), DEFAULTS.peelWorkers()));

    /** Behaviour of a thread without work. */
    public static final Key<IdleMode> IDLE = Key.of(
                    "idle",
                    ValueForms.choice(List.of(IdleMode.values()), EngineKeys::word),
                    "backoff",
                    "Tells a thread without work what to do: busy-spin and yielding each occupy a core, backoff sleeps.")
            .formerly("wait")
            .or(DEFAULTS.idleMode());

    /** Crypto provider of the packet path. */
    public static final Key<String> PROVIDER = Key.of(
                    "provider",
                    provider(),
                    "auto",
                    "Selects the crypto code of the packet path; auto is the fastest that the machine runs.")
            .or("auto");

    /** Wire profile of the packets. */
    public static final Key<SphinxProfile> PROFILE = Key.of(
                    "profile",
                    ValueForms.choice(List.of(SphinxProfile.values()), SphinxProfile::label),
                    "mr1",
                    "Selects the wire profile of the Sphinx packets for this relay's keys; all relays of a path must have"
                            + " the same.")
            .or(SphinxProfile.MR1);

    /** Who draws the delay of a packet. */
    public static final Key<DelayPolicy> POLICY = Key.of(
                    "policy",
                    ValueForms.choice(List.of(DelayPolicy.values()), DelayPolicy::label),
                    "epoch-vrf",
                    "Selects who draws the delay of a packet: its sender, or this relay with a proof per epoch or per"
                            + " packet.")
            .or(DelayPolicy.EPOCH_VRF);

    /** Distribution of the delays; at 100 packets/s a mean of 50 ms gives 3.8 bits, where 1 ms gives none. */
    public static final Key<DelayDistribution> DELAY = Key.of(
                    "delay",
                    delay(),
                    "exponential(50ms,500ms)",
                    "Sets the distribution of the delays that this relay draws, and the longest delay that a sender may"
                            + " ask for.")
            .or(DelayDistribution.parse("exponential(50ms,500ms)"));

    /** Resolution of the delay wheel. */
    public static final Key<Duration> TICK = Key.of(
                    "tick",
                    ValueForms.duration(Duration.ofNanos(1_000), Duration.ofSeconds(1)),
                    "50us",
                    "Sets the resolution of the delays.")
            .or(DEFAULTS.tick());

    /** How far the delay wheel may fall behind the clock. */
    public static final Key<Duration> WHEEL_SLACK = Key.of(
                    "wheel-slack",
                    ValueForms.duration(Duration.ZERO, Duration.ofMinutes(10)),
                    "1s",
                    "Sets how far the delays may fall behind the clock on a busy machine before packets are dropped.")
            .or(Duration.ofSeconds(1));

    /** Packets in memory at once. */
    public static final Key<Integer> SLOTS = Key.of(
                    "slots",
                    ValueForms.number(LEAST_SLOTS, MOST_COUNT),
                    "16384",
                    "Limits the packets in memory at once, waiting ones included; each takes 2.3 KB.")
            .or(DEFAULTS.slotCount());

    /** Packets that a stage works on at once. */
    public static final Key<Integer> BATCH = Key.of(
                    "batch",
                    ValueForms.number(1, MOST_BATCH),
                    "32",
                    "Limits the packets that a stage works on at once.")
            .orFromOthers(DEFAULTS.batchLimit() + ", or a quarter of slots if that is less");

    /** Events in the ring between the threads. */
    public static final Key<Integer> RING = Key.of(
                    "ring",
                    ValueForms.powerOfTwo(LEAST_SLOTS, MOST_COUNT),
                    "4096",
                    "Limits the packets that wait between the thread of the sockets and the other threads.")
            .or(DEFAULTS.ringSize());

    /** Sealed packets that may wait for one peer. */
    public static final Key<Integer> EGRESS = Key.of(
                    "egress",
                    ValueForms.powerOfTwo(1, MOST_COUNT),
                    "4096",
                    "Limits the packets that wait to be sent to one peer; further ones are dropped.")
            .or(DEFAULTS.egressLimit());

    /** Packets that a key epoch can remember. */
    public static final Key<Integer> REPLAY_TAGS = Key.of(
                    "replay-tags",
                    ValueForms.number(1, Integer.MAX_VALUE),
                    "4194304",
                    "Limits the packets that a key epoch remembers to refuse replays; 4 million take 90 MB.")
            .or(DEFAULT_REPLAY_TAGS);

    /** Folder of the replay journal. */
    public static final Key<Path> JOURNAL = Key.of(
            "journal",
            ValueForms.folder(),
            "state",
            "Keeps the remembered packets on disk, so that a restart does not forget them; without it a restart does.");

    /** Durability of the replay journal. */
    public static final Key<Boolean> JOURNAL_SYNC = Key.of(
                    "journal-sync",
                    ValueForms.choice(List.of(false, true), durable -> durable ? "batch" : "group"),
                    "group",
                    "Selects when the journal reaches the disk: group every 10 ms, batch before a packet goes on.")
            .or(false);

    /** Folder of the receipt log. */
    public static final Key<Path> RECEIPTS = Key.of(
            "receipts",
            ValueForms.folder(),
            "receipts",
            "Keeps a log of signed receipts in this folder; without it the relay signs none.");

    /** Operations that get receipts. */
    public static final Key<Set<Operation>> RECEIPTS_OF = Key.of(
                    "receipts-of",
                    operations(),
                    "forwarded, custody, session",
                    "Selects the operations that get receipts.")
            .or(EnumSet.allOf(Operation.class));

    /** Signatures of receipts. */
    public static final Key<SigningMode> RECEIPTS_MODE = Key.of(
                    "receipts-mode",
                    ValueForms.choice(List.of(SigningMode.BATCH, SigningMode.SINGLE), EngineKeys::word),
                    "batch",
                    "Selects one signature per batch of receipts or one per receipt.")
            .or(SigningMode.BATCH);

    /** Packets that one receipt covers. */
    public static final Key<Integer> RECEIPTS_PACKETS = Key.of(
                    "receipts-packets",
                    ValueForms.number(1, PacketCommitter.MAX_PACKETS),
                    "64",
                    "Lets a receipt cover a multiple of this many packets; fewer wait, at most for the length of"
                            + " [epochs].")
            .or(PacketReceiptOptions.DEFAULT.leastPackets());

    /** Time between receipts for packets. */
    public static final Key<Duration> RECEIPTS_PERIOD = Key.of(
                    "receipts-period",
                    ValueForms.duration(Duration.ofMillis(1), Duration.ofHours(24)),
                    "1s",
                    "Makes receipts at multiples of this time, so that they tell no finer one; at most the length of"
                            + " [epochs].")
            .or(PacketReceiptOptions.DEFAULT.period());

    /** Ended segments of the receipt log that are kept. */
    public static final Key<Integer> RECEIPTS_KEEP = Key.of(
                    "receipts-keep",
                    ValueForms.number(1, 1_000_000),
                    "40",
                    "Limits the ended segments of the log that are kept; older ones are deleted.")
            .or(Integer.MAX_VALUE, "all");

    /** Length of a segment of the receipt log. */
    public static final Key<Integer> RECEIPTS_SEGMENT = Key.of(
                    "receipts-segment-mib",
                    ValueForms.number(16, 65_536),
                    "256",
                    "Ends a segment of the log at this length in MiB.")
            .or(ReceiptSettings.DEFAULT_SEGMENT_MIB);

    /** The table {@code [engine]}. */
    public static final Section SECTION = new Section(
            "engine",
            false,
            "Sets threads, delays, memory, journal and receipts of a relay; bench packets and knee read it too.",
            List.of(
                    THREADING,
                    IDLE,
                    PROVIDER,
                    PROFILE,
                    POLICY,
                    DELAY,
                    TICK,
                    WHEEL_SLACK,
                    SLOTS,
                    BATCH,
                    RING,
                    EGRESS,
                    REPLAY_TAGS,
                    JOURNAL,
                    JOURNAL_SYNC,
                    RECEIPTS,
                    RECEIPTS_OF,
                    RECEIPTS_MODE,
                    RECEIPTS_PACKETS,
                    RECEIPTS_PERIOD,
                    RECEIPTS_KEEP,
                    RECEIPTS_SEGMENT));

    private EngineKeys() {}

    /**
     * Threads of an engine.
     *
     * @param mode how the work is spread.
     * @param peelWorkers threads that peel under {@link ThreadingMode#PARALLEL}, 1 to 64; 1 otherwise.
     */
    public record Threads(ThreadingMode mode, int peelWorkers) {
        /** As written in a file: {@code shared}, {@code split} or {@code parallel(N)}. */
        @Override
        public String toString() {
            return mode == ThreadingMode.PARALLEL ? "parallel(" + peelWorkers + ")" : word(mode);
        }
    }

    private static ValueForm<Threads> threading() {
        final String allowed = "shared, split or parallel(N) with N from 1 to " + MOST_WORKERS;
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "word",
                allowed,
                (text, base) -> {
                    final Matcher parallel = PARALLEL.matcher(text);
                    final int workers = parallel.matches() ? Integer.parseInt(parallel.group(1)) : 0;
                    if (workers >= 1 && workers <= MOST_WORKERS) {
                        return new Threads(ThreadingMode.PARALLEL, workers);
                    }
                    return switch (text) {
                        case "shared" -> new Threads(ThreadingMode.SHARED, 1);
                        case "split" -> new Threads(ThreadingMode.SPLIT, 1);
                        default -> throw new IllegalArgumentException("must be " + allowed);
                    };
                },
                Threads::toString,
                List.of("shared", "split", "parallel(1)", "parallel(" + MOST_WORKERS + ")"),
                List.of("invoker", "parallel", "parallel(0)", "parallel(" + (MOST_WORKERS + 1) + ")"));
    }

    private static ValueForm<String> provider() {
        final String allowed = "auto, lanes, lanes:avx2, lanes:avx512, lanes:ifma, lanes:neon or sodium";
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "word",
                allowed,
                (text, base) -> {
                    if (!CryptoProviders.names().contains(text)) {
                        throw new IllegalArgumentException("must be " + allowed);
                    }
                    CryptoProviders.byName(text); // fails if this machine does not run it
                    return text;
                },
                text -> text,
                List.of("auto", "sodium"),
                List.of("rot13", "or", "lanes:", "lanes:sse2", "lanes-avx2"));
    }

    private static ValueForm<DelayDistribution> delay() {
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "distribution",
                "exponential(MEAN,CAP) or uniform(MIN,MAX) with whole ns, us, ms or s, each at most a day",
                (text, base) -> {
                    try {
                        return DelayDistribution.parse(text);
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(
                                "must be exponential(MEAN,CAP) or uniform(MIN,MAX) with whole ns, us, ms or s, each at"
                                        + " most a day, MEAN and CAP above 0 and MIN not above MAX",
                                e);
                    }
                },
                DelayDistribution::toString,
                List.of("uniform(0ns,0ns)", "exponential(1ns,1s)", "uniform(1ms,1s)"),
                List.of("sometimes", "exponential(0ns,1s)", "uniform(2ms,1ms)", "uniform(0ns,86401s)"));
    }

    private static ValueForm<Set<Operation>> operations() {
        final String allowed = "one or more of forwarded, custody, session";
        return new ValueForm<>(
                ValueForm.Toml.TEXT,
                "words",
                allowed,
                (text, base) -> {
                    final Set<Operation> operations = EnumSet.noneOf(Operation.class);
                    for (String name : text.split(",", -1)) {
                        switch (name.strip()) {
                            case "forwarded" -> operations.add(Operation.FORWARDED);
                            case "custody" -> operations.add(Operation.CUSTODY);
                            case "session" -> {
                                operations.add(Operation.SESSION_BEGAN);
                                operations.add(Operation.SESSION_ENDED);
                            }
                            default -> throw new IllegalArgumentException("must be " + allowed);
                        }
                    }
                    return operations;
                },
                EngineKeys::words,
                List.of("forwarded", "custody", "session", "forwarded, custody, session"),
                List.of("all", "forwarded,"));
    }

    private static String words(Set<Operation> operations) {
        final List<String> words = new ArrayList<>();
        if (operations.contains(Operation.FORWARDED)) {
            words.add("forwarded");
        }
        if (operations.contains(Operation.CUSTODY)) {
            words.add("custody");
        }
        if (operations.contains(Operation.SESSION_BEGAN)) {
            words.add("session");
        }
        return String.join(", ", words);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
