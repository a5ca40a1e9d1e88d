/**
 * Measures receipts in batches from one to thousands.
 *
 * <p>{@code ReceiptBench} measures, {@code ReceiptFigures} is the result and part of the report of a run.
 */
package io.millrace.rig.receipts;
