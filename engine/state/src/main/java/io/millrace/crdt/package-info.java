/**
 * Signed, convergent state: a twin is a document that several actors edit on several replicas, without a coordinator and
 * with some of them lying.
 *
 * <p>Two layers. The state types ({@link io.millrace.crdt.LwwMap}, {@link io.millrace.crdt.OrSet},
 * {@link io.millrace.crdt.PnCounter}, {@link io.millrace.crdt.MvRegister} and their composition
 * {@link io.millrace.crdt.Twin}) are join-semilattices: every operation is a small state that is joined, so order and
 * repetition do not matter. The operations themselves are signed and form a hash graph
 * ({@link io.millrace.crdt.SignedOperation}, {@link io.millrace.crdt.Replica}): replicas that have the same operations have
 * the same document. {@link io.millrace.crdt.AntiEntropy} brings two replicas to the same operations.
 *
 * <p>Pure Java: hashes and signatures come from the crypto facade, durability from an
 * {@link io.millrace.crdt.OperationLog} that another package implements. This package must not know stores, receipts, the
 * relay, or any clock but the one it is given. Nothing here is on the packet path, and nothing but what says so is thread
 * safe.
 *
 * <p>Source: Shapiro et al., "Conflict-free Replicated Data Types", 2011; Kleppmann, "Making CRDTs Byzantine Fault
 * Tolerant", 2022; Kulkarni et al., "Logical Physical Clocks", 2014. Layouts and decisions: {@code src/docs/specs/crdt.md}.
 */
package io.millrace.crdt;
