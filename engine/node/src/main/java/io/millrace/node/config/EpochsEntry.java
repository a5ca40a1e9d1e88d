package io.millrace.node.config;

import io.millrace.relay.epoch.EpochSchedule;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The table {@code [epochs]}: how long a Sphinx key lives, and where secrets and documents go.
 *
 * <p>A file without the table, in which there are peers and none of them is named by identity, belongs to a network whose
 * relays keep their keys: they name this relay by its key too, and would get no link to one that changes it. So this relay
 * keeps its key.
 *
 * @param written whether the file has the table.
 * @param roll whether the relay changes its Sphinx key; without, it keeps the key of its key file for ever, its replay set
 *     fills up and its delays are never disclosed.
 * @param length of an epoch, whole milliseconds.
 * @param overlap how long the key of an epoch that is over is accepted, whole milliseconds, at most a quarter of the length.
 * @param keys folder of the secrets, absolute.
 * @param publish folder of the public documents, absolute.
 * @param listen where the documents are served by HTTP, if they are; on loopback unless the file says
 *     {@code beyond-loopback = true}; port 0 lets the system choose.
 */
public record EpochsEntry(
        boolean written,
        boolean roll,
        Duration length,
        Duration overlap,
        Path keys,
        Path publish,
        Optional<InetSocketAddress> listen) {
    private static final Duration DEFAULT_OVERLAP = Duration.ofMinutes(2);
    private static final int OVERLAPS_PER_LENGTH = 4;

    private static final Key<Boolean> ROLL = Key.of(
                    "roll",
                    ValueForms.flag(),
                    "false",
                    "Changes the Sphinx key of the relay every length; with false the relay keeps its key for ever.")
            .or(true);

    private static final Key<Duration> LENGTH = Key.of(
                    "length",
                    ValueForms.milliseconds(Duration.ofSeconds(1), Duration.ofHours(24)),
                    "20min",
                    "Sets how long a key lives; at least twice overlap and longest delay together.")
            .or(Duration.ofMinutes(20));

    private static final Key<Duration> OVERLAP = Key.of(
                    "overlap",
                    ValueForms.milliseconds(Duration.ofMillis(1), Duration.ofHours(6)),
                    "2min",
                    "Sets how long a key is accepted after its end; at most a quarter of length.")
            .orFromOthers(ValueForms.text(DEFAULT_OVERLAP) + ", or a quarter of length if that is less");

    private static final Key<Path> KEYS = Key.of(
                    "keys", ValueForms.folder(), "r1.epochs", "Keeps the secrets of the coming keys in this folder.")
            .orFromOthers("the key file's name with .epochs");

    private static final Key<Path> PUBLISH = Key.of(
                    "publish",
                    ValueForms.folder(),
                    "r1.public",
                    "Writes the public documents into this folder: the descriptor and the disclosures of delays.")
            .orFromOthers("the key file's name with .public");

    private static final Key<InetSocketAddress> LISTEN = Key.of(
            "listen",
            ValueForms.address(),
            "127.0.0.1:9200",
            "Serves the public documents by HTTP at this address, on loopback unless beyond-loopback is true.");

    private static final Key<Boolean> BEYOND_LOOPBACK = MetricsEntry.beyondLoopback("documents");

    /** The table. */
    static final Section SECTION = new Section(
            "epochs",
            false,
            "Sets how long a Sphinx key of a relay lives; see specs/epochs.md for a file without this table.",
            List.of(ROLL, LENGTH, OVERLAP, KEYS, PUBLISH, LISTEN, BEYOND_LOOPBACK));

    static EpochsEntry of(Given given, Path keyFile) {
        final Duration length = given.value(LENGTH);
        final Duration longestOverlap = length.dividedBy(OVERLAPS_PER_LENGTH);
        final Duration overlap = given.get(OVERLAP).orElse(defaultOverlap(length));
        if (overlap.compareTo(longestOverlap) > 0) {
            throw given.wrong(
                    "overlap must be at most a quarter of length, " + ValueForms.text(longestOverlap), OVERLAP, LENGTH);
        }
        final EpochsEntry defaults = unwritten(keyFile, true);
        return new EpochsEntry(
                true,
                given.value(ROLL),
                length,
                overlap,
                given.get(KEYS).orElse(defaults.keys()),
                given.get(PUBLISH).orElse(defaults.publish()),
                MetricsEntry.listen(given, LISTEN, BEYOND_LOOPBACK));
    }

    /**
     * Refuses an epoch that is too short for the delays.
     *
     * @param given the table, or an empty one.
     * @param maxDelayNs longest delay of the relay in nanoseconds.
     */
    void requireFor(Given given, long maxDelayNs) {
        final Duration shortest = Duration.ofMillis(EpochSchedule.shortestLengthMs(overlap.toMillis(), maxDelayNs));
        if (roll && length.compareTo(shortest) < 0) {
            throw given.wrong(
                    "length must be " + ValueForms.text(shortest) + " or more: twice the overlap of "
                            + ValueForms.text(overlap) + " and the longest delay of [engine] together",
                    LENGTH,
                    OVERLAP);
        }
    }

    /**
     * The table that is left out: 20 minutes, folders next to the key file.
     *
     * @param keyFile of the relay, absolute.
     * @param peers of the relay.
     */
    static EpochsEntry unwritten(Path keyFile, List<PeerEntry> peers) {
        return unwritten(
                keyFile,
                peers.isEmpty()
                        || peers.stream().anyMatch(peer -> peer.rolling().isPresent()));
    }

    private static EpochsEntry unwritten(Path keyFile, boolean roll) {
        final String name = keyFile.getFileName().toString().replaceFirst("\\.key$", "");
        return new EpochsEntry(
                false,
                roll,
                LENGTH.standard().orElseThrow(),
                DEFAULT_OVERLAP,
                keyFile.resolveSibling(name + ".epochs"),
                keyFile.resolveSibling(name + ".public"),
                Optional.empty());
    }

    /** Whether the relay keeps its key although its file does not say so, because of how the file names its peers. */
    public boolean keepsKeyUnasked() {
        return !written && !roll;
    }

    /**
     * The overlap where the file says none: 2 minutes, or a quarter of the length if that is shorter.
     *
     * @param length of an epoch.
     */
    public static Duration defaultOverlap(Duration length) {
        final Duration quarter = Duration.ofMillis(length.toMillis() / OVERLAPS_PER_LENGTH);
        return quarter.compareTo(DEFAULT_OVERLAP) < 0 ? quarter : DEFAULT_OVERLAP;
    }

    /**
     * The shortest length that fits a delay where the file says no overlap ({@link EpochSchedule#requireFor}).
     *
     * @param longestDelay of a packet.
     * @return whole seconds.
     */
    public static Duration shortestLength(Duration longestDelay) {
        long seconds = Math.ceilDiv(EpochSchedule.MIN_LENGTH_MS, 1_000L);
        while (1_000 * seconds
                < EpochSchedule.shortestLengthMs(
                        defaultOverlap(Duration.ofSeconds(seconds)).toMillis(), longestDelay.toNanos())) {
            seconds++;
        }
        return Duration.ofSeconds(seconds);
    }
}
