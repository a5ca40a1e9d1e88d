package io.millrace.relay;

/**
 * How full something bounded is.
 *
 * @param used of it, 0 to {@code capacity}.
 * @param capacity of which it can hold no more.
 */
public record Occupancy(long used, long capacity) {}
