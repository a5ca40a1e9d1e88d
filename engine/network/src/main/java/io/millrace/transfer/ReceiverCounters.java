package io.millrace.transfer;

/**
 * Counters of a receiver.
 *
 * @param messages all that it sent.
 * @param chunks chunks that were new.
 * @param duplicates chunks that it had already.
 * @param ignored messages that it received and had no use for: malformed, of another transfer, beyond the window.
 */
public record ReceiverCounters(long messages, long chunks, long duplicates, long ignored) {}
