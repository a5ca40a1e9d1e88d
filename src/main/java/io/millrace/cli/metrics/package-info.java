/**
 * The figures of a running relay for Prometheus: over HTTP, in the text formats and, with native histograms, in protobuf.
 *
 * <p>A scrape reads what the engine counts anyway, on the server's own threads; nothing here runs on the packet path or
 * holds figures of its own.
 */
package io.millrace.cli.metrics;
