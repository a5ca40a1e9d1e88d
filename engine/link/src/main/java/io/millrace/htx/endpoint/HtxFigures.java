package io.millrace.htx.endpoint;

/**
 * Counters and levels of a session.
 *
 * @param framesSent frames sealed.
 * @param keyGeneration number of the key that seals now, from 0.
 * @param rttMicros smoothed round-trip time in microseconds; 0 while it is not known.
 * @param memoryBytes native bytes of the queues, the most that they ever were.
 * @param peakBufferedBytes most bytes that were received and not read at once.
 */
public record HtxFigures(
        long framesSent, long keyGeneration, long rttMicros, long memoryBytes, long peakBufferedBytes) {}
