package io.millrace.relay.receipts;

import io.millrace.receipt.PacketCommitter;
import java.time.Duration;
import java.util.Objects;

/**
 * How coarse the receipts for packets are.
 *
 * @param leastPackets a receipt covers a multiple of this many packets, 1 to {@value PacketCommitter#MAX_PACKETS}; only the
 *     receipts at the end of {@code longest} cover fewer.
 * @param period receipts are made at multiples of this time and carry no finer one, 1 ms to {@code longest}.
 * @param longest after this time packets get their receipt however few they are, up to 7 days: the length of a key epoch.
 */
public record PacketReceiptOptions(int leastPackets, Duration period, Duration longest) {
    private static final Duration MAX_LONGEST = Duration.ofDays(7);

    /** At least 64 packets, a period of 1 s, and 20 minutes at the longest. */
    public static final PacketReceiptOptions DEFAULT =
            new PacketReceiptOptions(64, Duration.ofSeconds(1), Duration.ofMinutes(20));

    public PacketReceiptOptions {
        Objects.requireNonNull(period, "period");
        Objects.requireNonNull(longest, "longest");
        if (leastPackets < 1 || leastPackets > PacketCommitter.MAX_PACKETS) {
            throw new IllegalArgumentException(
                    "leastPackets must be 1 to " + PacketCommitter.MAX_PACKETS + ": leastPackets=" + leastPackets);
        }
        if (longest.compareTo(MAX_LONGEST) > 0) {
            throw new IllegalArgumentException("longest must be at most 7 days: longest=" + longest);
        }
        if (period.toMillis() < 1 || period.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "period must be 1 ms to longest: period=" + period + ", longest=" + longest);
        }
    }
}
