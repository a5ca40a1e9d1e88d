/**
 * A running node: from configuration files to an engine on a UDP socket, until it is told to stop.
 *
 * <p>Home of the command {@code relay}; the clients of {@code io.millrace.cli.client} build their engines here too.
 */
package io.millrace.cli.node;
