/**
 * Signed operations of a twin: header, payload and their encodings ({@link io.millrace.crdt.op.OperationCodec}), signatures,
 * the actors and their revocations, the hybrid clock, and the log that a replica keeps operations in
 * ({@link io.millrace.crdt.op.OperationLog}).
 *
 * <p>Must not know the graph of operations, replicas or stores. Nothing here is thread safe but what says so.
 *
 * <p>Source: Kulkarni et al., "Logical Physical Clocks", 2014. Layouts: {@code src/docs/specs/crdt.md}.
 */
package io.millrace.crdt.op;
