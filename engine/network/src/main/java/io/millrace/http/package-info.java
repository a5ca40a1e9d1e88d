/**
 * Signed documents over HTTP: {@link io.millrace.http.DocumentServer} answers requests out of a folder,
 * {@link io.millrace.http.DocumentSource} reads a folder or such a server. {@link io.millrace.http.HttpLimits} bounds the
 * connections of a server, and the time of a request and its answer.
 *
 * <p>Neither verifies a document: callers decode with the identity key that they trust. Lengths and times are bounded.
 */
package io.millrace.http;
