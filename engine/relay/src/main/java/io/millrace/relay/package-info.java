/**
 * The engine: joins carriers, links, Sphinx, replay sets, delays and the wheel into one pipeline over a slab.
 *
 * <p>Packets move between threads through one Disruptor ring inbound and one queue per peer outbound; a slot has one
 * owner at a time. Each packet ends in exactly one {@link io.millrace.relay.Verdict}. Start at
 * {@link io.millrace.relay.RelayEngine}. This package is the only importer of the Disruptor.
 */
package io.millrace.relay;
