/**
 * The engine's front: start at {@link io.millrace.relay.RelayEngine}. Puts the rooms of the engine together, and runs their
 * duties on threads or in the caller's.
 *
 * <p>Packets move between threads through one Disruptor ring inbound and one queue per peer outbound; a slot has one
 * owner at a time. Each packet ends in exactly one {@link io.millrace.relay.packet.Verdict}.
 */
package io.millrace.relay;
