/**
 * Host names: an address as it was written, attempts at all addresses that its name has now, and a watch over
 * the names of peers, which are looked up again while peers are away.
 *
 * <p>Looking a name up may take seconds, so it happens on the thread of a caller who waits for the answer, or on that of a
 * {@link io.millrace.names.NameWatch}; never on a thread that moves packets. Knows neither sockets nor commands.
 */
package io.millrace.names;
