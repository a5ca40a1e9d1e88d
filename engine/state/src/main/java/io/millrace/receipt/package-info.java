/**
 * Receipts: operations that a relay signs for, kept in an append-only Merkle log whose every alteration can be detected.
 *
 * <p>{@link io.millrace.receipt.Receipt} is the statement, {@link io.millrace.receipt.ReceiptEncoding} its only
 * encoding. {@link io.millrace.receipt.ReceiptLog} appends batches and signs; {@link io.millrace.receipt.LogReader} and
 * {@link io.millrace.tlog.ProofBuilder} read and prove; {@link io.millrace.receipt.LogAudit},
 * {@link io.millrace.tlog.InclusionProof} and {@link io.millrace.tlog.ConsistencyProof} verify, without the log's
 * key and, for the proofs, without the log.
 *
 * <p>Formats of trees, proofs and notes are in {@link io.millrace.tlog}. {@link io.millrace.receipt.StoredReceipts} keeps a
 * log in a store, {@link io.millrace.receipt.ReceiptLogView} reads it while another process writes; an index by operation id is a
 * {@link io.millrace.receipt.ReceiptIndex}. This package must not know the relay or maps. Writers belong to one thread;
 * values are immutable.
 *
 * <p>Source: RFC 8949 section 4.2.1 (encoding).
 */
package io.millrace.receipt;
