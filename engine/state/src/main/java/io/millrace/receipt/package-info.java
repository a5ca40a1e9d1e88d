/**
 * Receipts: operations that a relay signs for, kept in an append-only Merkle log whose every alteration can be detected.
 *
 * <p>{@link io.millrace.receipt.Receipt} is the statement, {@link io.millrace.receipt.ReceiptEncoding} its only
 * encoding. {@link io.millrace.receipt.ReceiptLog} appends batches and signs; {@link io.millrace.receipt.LogReader} and
 * {@link io.millrace.receipt.ProofBuilder} read and prove; {@link io.millrace.receipt.LogAudit},
 * {@link io.millrace.receipt.InclusionProof} and {@link io.millrace.receipt.ConsistencyProof} verify, without the log's
 * key and, for the proofs, without the log.
 *
 * <p>Persistence is {@link io.millrace.receipt.ReceiptStore}'s, which {@code store} implements; this package knows neither
 * that implementation nor the relay. Writers belong to one thread; values are immutable.
 *
 * <p>Source: RFC 6962 and RFC 9162 (tree, proofs); C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof and the
 * request of tlog-witness; RFC 8949 section 4.2.1 (encoding).
 */
package io.millrace.receipt;
