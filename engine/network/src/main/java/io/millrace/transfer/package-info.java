/**
 * Moves one file over messages that may be lost, repeated or reordered: sender and receiver as state machines.
 *
 * <p>Nothing here starts a thread, opens a socket or reads a clock: the caller brings messages and the time in nanoseconds
 * of a monotonic clock, and asks for the next message to send. Messages are authentic or absent, which Sphinx sees to.
 * This package knows nothing of the engine. The protocol and its layouts are in {@code src/docs/specs/transfer.md}.
 */
package io.millrace.transfer;
