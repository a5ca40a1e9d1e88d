/**
 * The commands {@code send} and {@code receive}: end points of a network of relays.
 *
 * <p>An end point is a node like a relay, with its key and engine, and the last hop of packets that are
 * addressed to it. The transfer itself is in {@code io.millrace.transfer}.
 */
package io.millrace.cli.client;
