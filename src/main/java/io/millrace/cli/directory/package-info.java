/**
 * Publishing and fetching of a relay's signed documents: {@link io.millrace.cli.directory.DocumentServer} answers HTTP
 * requests out of a folder, {@link io.millrace.cli.directory.DocumentSource} reads a folder or such a server.
 *
 * <p>Neither verifies a document: callers decode with the identity key that they trust. Lengths and times are bounded.
 */
package io.millrace.cli.directory;
