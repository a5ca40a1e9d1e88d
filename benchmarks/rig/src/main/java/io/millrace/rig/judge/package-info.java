/**
 * Judges a mix by the packets that left it: compares times of arrival and departure with the disclosed delays, and matches
 * departures to arrivals as an observer of the wires does.
 *
 * <p>{@code Passages} holds the times. {@code DelayJudgement} says whether packets left when the disclosed law says so,
 * {@code AnonymityJudgement} how often an attack finds the arrival of a departure, {@code OrderJudgement} whether departures
 * of one moment leave in the order of their arrival. {@code Mutant} names the ways of cheating that these must notice.
 *
 * <p>Knows no engine, no carrier, no clock and no report: times are arguments. {@code bench} and {@code knee} use it.
 */
package io.millrace.rig.judge;
