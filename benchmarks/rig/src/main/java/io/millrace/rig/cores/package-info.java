/**
 * Measures how relays scale over processors.
 *
 * <p>{@code CoresRun} measures both ways of using more of them: several engines, each on one processor, and one engine with
 * more threads that peel. {@code BoundEngines} are the engines of one round. {@code CoresReport} is the result, with
 * {@code Projection} for machines with more processors.
 */
package io.millrace.rig.cores;
