/**
 * A client of a network of relays: it sends and receives messages as the payloads of Sphinx packets.
 *
 * <p>{@link io.millrace.client.AddressBook} names the relays and clients and makes routes of them,
 * {@link io.millrace.client.EndPoint} wraps messages for a route and takes those that arrive. A client runs an engine like a
 * relay's and is the last hop of the packets that are addressed to it; the maker of the engine gives it
 * {@link io.millrace.client.Arrivals} as its listener. Files travel by {@code io.millrace.transfer} over these messages.
 *
 * <p>Knows no configuration file, no key file and no command.
 */
package io.millrace.client;
