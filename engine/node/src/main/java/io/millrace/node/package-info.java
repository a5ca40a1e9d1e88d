/**
 * A running node: from its configuration file to an engine on its sockets, until it is told to stop.
 *
 * <p>{@link io.millrace.node.RelayNode} is a relay with its key epochs, journal, receipts and documents;
 * {@link io.millrace.node.ClientNode} a client that sends and receives; {@link io.millrace.node.Node} the engine that both
 * have. Refusals that a person can mend are {@link io.millrace.text.ConfigException}. Knows no command.
 */
package io.millrace.node;
