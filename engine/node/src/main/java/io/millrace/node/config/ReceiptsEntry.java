package io.millrace.node.config;

import io.millrace.receipt.PacketCommitter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The keys of {@code [engine]} about receipts.
 *
 * @param folder the key {@code receipts}: folder of the log, absolute.
 * @param operations the key {@code receipts-of}: operations that get receipts, for example {@code forwarded, custody}.
 * @param mode the key {@code receipts-mode}: {@code batch} or {@code single}.
 * @param packets the key {@code receipts-packets}: a receipt covers a multiple of this many packets, 1 to 512.
 * @param period the key {@code receipts-period}: packets get their receipts at multiples of this time, 1 ms or more.
 * @param keep the key {@code receipts-keep}: ended segments of the log that are kept, 1 to 1,000,000.
 * @param segmentMib the key {@code receipts-segment-mib}: length at which a segment ends, in MiB, 16 to 65,536.
 */
public record ReceiptsEntry(
        Path folder,
        Optional<String> operations,
        Optional<String> mode,
        OptionalInt packets,
        Optional<Duration> period,
        OptionalInt keep,
        OptionalInt segmentMib) {
    private static final String OPERATIONS = "receipts-of";
    private static final String MODE = "receipts-mode";
    private static final String PACKETS = "receipts-packets";
    private static final String PERIOD = "receipts-period";
    private static final String KEEP = "receipts-keep";
    private static final String SEGMENT = "receipts-segment-mib";

    static Optional<ReceiptsEntry> read(TomlTable table) {
        final Optional<Path> folder = table.optionalFolder("receipts");
        final Optional<String> operations = table.optionalText(OPERATIONS);
        final Optional<String> mode = table.optionalText(MODE);
        final OptionalInt packets = table.optionalInteger(PACKETS, 1, PacketCommitter.MAX_PACKETS);
        final Optional<Duration> period = table.optionalDuration(PERIOD);
        final OptionalInt keep = table.optionalInteger(KEEP, 1, 1_000_000);
        final OptionalInt segmentMib = table.optionalInteger(SEGMENT, 16, 65_536);
        if (folder.isEmpty()) {
            refuse(table, KEEP, keep.isPresent() ? Optional.of(keep.getAsInt()) : Optional.empty());
            refuse(table, SEGMENT, segmentMib.isPresent() ? Optional.of(segmentMib.getAsInt()) : Optional.empty());
            refuse(table, OPERATIONS, operations);
            refuse(table, MODE, mode);
            refuse(table, PACKETS, packets.isPresent() ? Optional.of(packets.getAsInt()) : Optional.empty());
            refuse(table, PERIOD, period);
        }
        if (period.filter(each -> each.toMillis() < 1).isPresent()) {
            throw table.wrong("must be 1ms or more", PERIOD, period.get());
        }
        return folder.map(each -> new ReceiptsEntry(each, operations, mode, packets, period, keep, segmentMib));
    }

    private static void refuse(TomlTable table, String key, Optional<?> value) {
        if (value.isPresent()) {
            throw table.wrong("means nothing without receipts", key, value.get());
        }
    }
}
