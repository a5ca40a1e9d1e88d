package io.millrace.node.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code [epochs]}: how long a Sphinx key lives, and where secrets and documents go.
 *
 * <p>A file without the section, in which there are peers and none of them is named by identity, belongs to a network whose
 * relays keep their keys: they name this relay by its key too, and would get no link to one that changes it. So this relay
 * keeps its key.
 *
 * @param written whether the file has the section.
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
    private static final Duration DEFAULT_LENGTH = Duration.ofMinutes(20);
    private static final Duration DEFAULT_OVERLAP = Duration.ofMinutes(2);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int OVERLAPS_PER_LENGTH = 4;

    private static final String ROLL = "roll";
    private static final String LENGTH = "length";
    private static final String OVERLAP = "overlap";
    private static final String KEYS = "keys";
    private static final String PUBLISH = "publish";
    private static final String LISTEN = "listen";

    static EpochsEntry read(TomlTable table, Path keyFile) {
        final Duration length = duration(table, LENGTH).orElse(DEFAULT_LENGTH);
        if (length.compareTo(SHORTEST) < 0 || length.compareTo(LONGEST) > 0) {
            throw table.wrong("must be 1 s to 24 h", LENGTH, table.text(LENGTH));
        }
        final Duration longestOverlap = Duration.ofMillis(length.toMillis() / OVERLAPS_PER_LENGTH);
        final Duration overlap = duration(table, OVERLAP).orElse(defaultOverlap(length));
        if (overlap.isZero() || overlap.compareTo(longestOverlap) > 0) {
            throw table.wrong("must be more than zero and at most a quarter of length", OVERLAP, table.text(OVERLAP));
        }
        final EpochsEntry defaults = unwritten(keyFile, true);
        final EpochsEntry entry = new EpochsEntry(
                true,
                table.optionalFlag(ROLL).orElse(true),
                length,
                overlap,
                table.optionalFolder(KEYS).orElse(defaults.keys()),
                table.optionalFolder(PUBLISH).orElse(defaults.publish()),
                MetricsEntry.optionalListen(table, LISTEN));
        table.finish();
        return entry;
    }

    /**
     * The section that is left out: 20 minutes, folders next to the key file.
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
                DEFAULT_LENGTH,
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

    private static Optional<Duration> duration(TomlTable table, String key) {
        final Optional<Duration> duration = table.optionalDuration(key);
        duration.filter(each -> each.toNanosPart() % 1_000_000 != 0).ifPresent(each -> {
            throw table.wrong("must be whole milliseconds", key, table.text(key));
        });
        return duration;
    }
}
