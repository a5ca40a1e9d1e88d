package io.millrace.transfer;

/**
 * Counters of a sender.
 *
 * @param messages all that it sent.
 * @param retransmissions chunks that it sent again.
 * @param ignored messages that it received and had no use for: malformed, or of another transfer.
 */
public record SenderCounters(long messages, long retransmissions, long ignored) {}
