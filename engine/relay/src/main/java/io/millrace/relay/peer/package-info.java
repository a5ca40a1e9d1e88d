/**
 * Peers as an application describes them, and reports of their links. Immutable records, for any thread.
 *
 * <p>The engine's table of peers is in {@code io.millrace.relay.live}. Knows no other package of the engine.
 */
package io.millrace.relay.peer;
