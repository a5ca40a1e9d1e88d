/**
 * The state types of a twin: {@link io.millrace.crdt.type.LwwMap}, {@link io.millrace.crdt.type.OrSet},
 * {@link io.millrace.crdt.type.PnCounter}, {@link io.millrace.crdt.type.MvRegister} and their composition
 * {@link io.millrace.crdt.type.Twin}, with the names that they use. Join-semilattices: every operation is a small state that
 * is joined, so order and repetition do not matter.
 *
 * <p>Must not know signatures, logs, replicas or clocks. Nothing here is thread safe but the immutable names and values.
 *
 * <p>Source: Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types", 2011.
 */
package io.millrace.crdt.type;
