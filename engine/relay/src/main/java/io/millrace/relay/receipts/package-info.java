/**
 * Signed receipts, made off the packet path: engine threads gather tags, one thread {@code millrace-receipts} encodes, hashes,
 * signs and appends to a log.
 *
 * <p>Start at {@link io.millrace.relay.receipts.ReceiptService}. The formats are those of {@code io.millrace.receipt}.
 */
package io.millrace.relay.receipts;
