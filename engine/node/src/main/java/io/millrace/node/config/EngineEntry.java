package io.millrace.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The section {@code [engine]}; a missing key means the engine's default.
 *
 * @param threading for example {@code split}.
 * @param provider for example {@code auto} or {@code sodium}.
 * @param delay the distribution, for example {@code exponential(1ms,10ms)}.
 * @param policy who draws the delay, for example {@code epoch-vrf}.
 * @param waitStrategy the key {@code wait}: the wait strategy, for example {@code backoff}.
 * @param slots packets in memory at once, 128 to 1,048,576.
 * @param replayTags the key {@code replay-tags}: packets that a key epoch can remember, 1 or more.
 * @param journal folder of the replay journal, absolute; without one a restart forgets which packets were seen.
 * @param journalSync the key {@code journal-sync}: {@code group} or {@code batch}.
 * @param receipts the log of receipts; without one none are made.
 * @param tick resolution of the delay wheel, 1 microsecond or more.
 */
public record EngineEntry(
        Optional<String> threading,
        Optional<String> provider,
        Optional<String> delay,
        Optional<String> policy,
        Optional<String> waitStrategy,
        OptionalInt slots,
        OptionalInt replayTags,
        Optional<Path> journal,
        Optional<String> journalSync,
        Optional<ReceiptsEntry> receipts,
        Optional<Duration> tick) {
    /** Four batches of a stage. */
    private static final int LEAST_SLOTS = 128;

    private static final int MOST_SLOTS = 1 << 20;
    private static final int LEAST_TICK_NS = 1_000;

    static EngineEntry read(TomlTable table) {
        final EngineEntry entry = new EngineEntry(
                table.optionalText("threading"),
                table.optionalText("provider"),
                table.optionalText("delay"),
                table.optionalText("policy"),
                table.optionalText("wait"),
                table.optionalInteger("slots", LEAST_SLOTS, MOST_SLOTS),
                table.optionalInteger("replay-tags", 1, Integer.MAX_VALUE),
                table.optionalFolder("journal"),
                table.optionalText("journal-sync"),
                ReceiptsEntry.read(table),
                table.optionalDuration("tick"));
        if (entry.journalSync().isPresent() && entry.journal().isEmpty()) {
            throw table.wrong(
                    "means nothing without journal",
                    "journal-sync",
                    entry.journalSync().get());
        }
        if (entry.tick().filter(tick -> tick.toNanos() < LEAST_TICK_NS).isPresent()) {
            throw table.wrong("must be 1us or more", "tick", table.text("tick"));
        }
        table.finish();
        return entry;
    }

    /** Nothing said: the engine's defaults. */
    static EngineEntry defaults() {
        return new EngineEntry(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
