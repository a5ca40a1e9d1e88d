/**
 * What runs the engine's threads: duties as Agrona agents, how they idle and are woken, and the tracker of quiescent states by
 * which memory is freed.
 *
 * <p>Knows no packet and no stage. Internal.
 */
package io.millrace.relay.thread;
