package io.millrace.sphinx;

/**
 * Name of a SURB, random, known to its creator and to the last relay of its path.
 *
 * @param low the first 8 bytes, as a little-endian number.
 * @param high the last 8 bytes, as a little-endian number.
 */
public record SurbId(long low, long high) {}
