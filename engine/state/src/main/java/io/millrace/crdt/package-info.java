/**
 * Replicas of signed, convergent documents: a twin is a document that several actors edit on several replicas, without a
 * coordinator and with some of them lying.
 *
 * <p>Three rooms below this package. {@link io.millrace.crdt.type} has the state types, {@link io.millrace.crdt.op} the
 * signed operations, {@link io.millrace.crdt.sync} the exchange between two replicas. Here are the hash graph of operations
 * and the {@link io.millrace.crdt.Replica}, which accepts and signs them: replicas that have the same operations have the
 * same document. {@link io.millrace.crdt.TwinStore} keeps operations in a log on disk.
 *
 * <p>Hashes and signatures come from the crypto facade, logs from {@code store}. Must not know receipts, the relay, maps, or
 * any clock but the one it is given. Nothing here is on the packet path, and nothing but what says so is thread safe.
 *
 * <p>Source: Shapiro et al., "Conflict-free Replicated Data Types", 2011; Kleppmann, "Making CRDTs Byzantine Fault
 * Tolerant", 2022. Layouts and decisions: {@code src/docs/specs/crdt.md}.
 */
package io.millrace.crdt;
