/**
 * Parties whose Sphinx keys change: their descriptors, read again and again from a folder or a URL and checked against the
 * identity that the configuration names.
 *
 * <p>Knows neither engine nor commands.
 */
package io.millrace.cli.peers;
