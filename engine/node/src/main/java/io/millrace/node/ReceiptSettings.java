package io.millrace.node;

import io.millrace.receipt.Operation;
import io.millrace.receipt.ReceiptRetention;
import io.millrace.receipt.SigningMode;
import io.millrace.relay.PacketReceiptOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Operations that a relay makes receipts of, and their log.
 *
 * @param folder of the log.
 * @param operations for which they are made.
 * @param mode of the signatures.
 * @param packets how coarse receipts for packets are.
 * @param retention how long the log may become and how much of it is kept.
 */
public record ReceiptSettings(
        Path folder,
        Set<Operation> operations,
        SigningMode mode,
        PacketReceiptOptions packets,
        ReceiptRetention retention) {
    /** Everything that a relay signs for. */
    static final String ALL = "forwarded, custody, session";

    private static final int MIB_SHIFT = 20;

    public ReceiptSettings {
        operations = Set.copyOf(operations);
    }

    /** Names with commas between them, of {@link #ALL}. */
    static Set<Operation> operations(String text) {
        final Set<Operation> operations = EnumSet.noneOf(Operation.class);
        for (String name : text.split(",", -1)) {
            switch (name.strip()) {
                case "forwarded" -> operations.add(Operation.FORWARDED);
                case "custody" -> operations.add(Operation.CUSTODY);
                case "session" -> {
                    operations.add(Operation.SESSION_BEGAN);
                    operations.add(Operation.SESSION_ENDED);
                }
                default -> throw new IllegalArgumentException("must be of " + ALL);
            }
        }
        return operations;
    }

    /** The least number of packets and the period, the defaults where they are not given. */
    static PacketReceiptOptions packets(OptionalInt packets, Optional<Duration> period) {
        final PacketReceiptOptions defaults = PacketReceiptOptions.DEFAULT;
        return new PacketReceiptOptions(
                packets.orElse(defaults.leastPackets()), period.orElse(defaults.period()), defaults.longest());
    }

    /**
     * With another longest time that packets wait for their receipt.
     *
     * @param longest the length of a key epoch.
     * @throws IllegalArgumentException if it is shorter than the period.
     */
    ReceiptSettings within(Duration longest) {
        return new ReceiptSettings(
                folder,
                operations,
                mode,
                new PacketReceiptOptions(packets.leastPackets(), packets.period(), longest),
                retention);
    }

    /** All segments of the default length where nothing else is given. */
    static ReceiptRetention retention(OptionalInt keep, OptionalInt segmentMib) {
        return new ReceiptRetention(
                LogFolder.DEFAULT_MAX_LENGTH,
                segmentMib.isPresent()
                        ? (long) segmentMib.getAsInt() << MIB_SHIFT
                        : ReceiptRetention.DEFAULT_SEGMENT_LENGTH,
                keep.orElse(Integer.MAX_VALUE));
    }

    /** The mode {@code batch} or {@code single}. */
    static SigningMode mode(String text) {
        return switch (text) {
            case "batch" -> SigningMode.BATCH;
            case "single" -> SigningMode.SINGLE;
            default -> throw new IllegalArgumentException("must be batch or single");
        };
    }
}
