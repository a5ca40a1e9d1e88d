/**
 * The figures of a running relay for Prometheus: over HTTP, in the text formats and, with native histograms, in protobuf.
 *
 * <p>A scrape reads existing counters of the engine, on the server's threads; nothing here runs on the packet path
 * or holds further figures.
 */
package io.millrace.node.metrics;
