package io.millrace.receipt;

/** Content of a log's signatures. Either way a signature covers every receipt, and under the log's root. */
public enum SigningMode {
    /** One signature per batch, over the checkpoint after it; a receipt proves itself by its path to that root. */
    BATCH,
    /** Each receipt for itself; the checkpoint when it is asked for. */
    SINGLE
}
