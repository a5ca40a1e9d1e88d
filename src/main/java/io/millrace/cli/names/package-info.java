/**
 * Host names of the program: an address as it was written, attempts at all addresses that its name has now, and a watch over
 * the names of peers, which are looked up again while the program runs.
 *
 * <p>Looking a name up may take seconds, so it happens on the thread of a caller who waits for the answer; never on a thread
 * that moves packets. Knows neither sockets nor commands.
 */
package io.millrace.cli.names;
