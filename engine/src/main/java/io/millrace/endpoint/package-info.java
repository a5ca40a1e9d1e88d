/**
 * HTX sessions over TCP for applications: an endpoint with one selector thread that listens and connects, connections that
 * a handshake has authenticated, and streams to read and write.
 *
 * <p>Threading: the selector thread does handshakes, receives and keeps time; application threads, virtual ones too, block
 * in the streams. A lock per connection joins them. Imports {@code htx}, {@code noise} and {@code crypto}.
 */
package io.millrace.endpoint;
