/**
 * What changes while the engine runs: the tables of peers, routes and key epochs, their links, and the way of a removed peer or
 * a retired epoch out of the engine.
 *
 * <p>Stages read a table once per batch; a change makes a new table. Memory is freed after every engine thread has passed a
 * quiescent state. Internal.
 */
package io.millrace.relay.live;
