package io.millrace.node.counters;

/**
 * One counter as it was read.
 *
 * @param key of the counter.
 * @param value any.
 */
record Counter(CounterKey key, long value) {}
