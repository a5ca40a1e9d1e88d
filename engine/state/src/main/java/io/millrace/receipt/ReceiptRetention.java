package io.millrace.receipt;

/**
 * How long a receipt log may become and how much of it is kept.
 *
 * @param maxLength length in bytes at which the log is full, all kept segments together; 1 or more.
 * @param segmentLength length in bytes from which on the next batch begins another segment; 1 or more.
 * @param keep ended segments that are kept, 1 or more; older ones are deleted once a checkpoint behind them is published.
 */
public record ReceiptRetention(long maxLength, long segmentLength, int keep) {
    /** Default length of a segment in bytes: 256 MiB. */
    public static final long DEFAULT_SEGMENT_LENGTH = 1L << 28;

    /** Checks the ranges. */
    public ReceiptRetention {
        if (maxLength < 1 || segmentLength < 1 || keep < 1) {
            throw new IllegalArgumentException("maxLength, segmentLength and keep must be 1 or more: maxLength="
                    + maxLength + ", segmentLength=" + segmentLength + ", keep=" + keep);
        }
    }

    /**
     * Keeps all segments, of the default length.
     *
     * @param maxLength length in bytes at which the log is full, 1 or more.
     */
    public static ReceiptRetention all(long maxLength) {
        return new ReceiptRetention(maxLength, DEFAULT_SEGMENT_LENGTH, Integer.MAX_VALUE);
    }
}
