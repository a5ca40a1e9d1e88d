/**
 * Transparency log formats: the Merkle tree's hashes and proofs ({@link io.millrace.tlog.InclusionProof},
 * {@link io.millrace.tlog.ConsistencyProof}), signed notes, checkpoints and verifier keys.
 *
 * <p>Verifies without a log. Must not know receipts or stores. Values are immutable; builders belong to one thread.
 *
 * <p>Source: RFC 6962 and RFC 9162 (tree, proofs); C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof and the
 * request of tlog-witness.
 */
package io.millrace.tlog;
