package io.millrace.rig.explain;

/**
 * A time in which a thread of the relay began no new round.
 *
 * @param cpuNs processor time that it used meanwhile.
 * @param thread its name.
 * @param wheel whether it is the one that looks at the delay wheel.
 */
record Stall(Span span, long cpuNs, String thread, boolean wheel) {}
