package io.millrace.cli.receipts;

import io.millrace.map.MapReceiptIndex;
import io.millrace.node.LogFolder;
import io.millrace.receipt.IndexCatchUp;
import io.millrace.receipt.ReceiptEncoding;
import io.millrace.receipt.ReceiptId;
import io.millrace.receipt.ReceiptIndex;
import io.millrace.receipt.ReceiptLogView;
import io.millrace.tlog.MalformedException;
import java.io.IOException;
import java.util.Optional;

/** The index of a log by operation id, up to date with the log when it was opened. Not thread safe. */
final class LogIndex implements AutoCloseable {
    private static final String FOLDER = "index";

    private final ReceiptLogView view;
    private final ReceiptIndex index;

    private LogIndex(ReceiptLogView view, ReceiptIndex index) {
        this.view = view;
        this.index = index;
    }

    /**
     * Opens the index in the folder of a log, makes it where there is none, and adds the receipts that are new. Another
     * process may write the log meanwhile, but not the index.
     */
    static LogIndex open(LogFolder folder) throws IOException {
        final ReceiptLogView view = folder.view();
        final ReceiptIndex index = openMap(folder);
        boolean opened = false;
        try {
            IndexCatchUp.run(index, view);
            opened = true;
            return new LogIndex(view, index);
        } finally {
            if (!opened) {
                index.close();
            }
        }
    }

    /** Opens the index as it was closed, for a log that brings it up to date itself. */
    static ReceiptIndex openMap(LogFolder folder) throws IOException {
        return MapReceiptIndex.open(folder.directory().resolve(FOLDER));
    }

    /** Number of receipts in the log. */
    long size() {
        return index.coverage().size();
    }

    /** The first receipt of an operation, read from the log; empty if there is none or it was deleted. */
    Optional<ReceiptView> find(ReceiptId operation) throws IOException {
        final long at = index.find(operation.high(), operation.low());
        if (at == ReceiptIndex.ABSENT) {
            return Optional.empty();
        }
        final Optional<byte[]> encoding = view.encoding(at);
        return encoding.filter(each -> isOf(operation, each)).map(each -> ReceiptView.of(at, each, false));
    }

    /** Brings the index's files to the disk and lets other processes use it. */
    @Override
    public void close() throws IOException {
        index.close();
        view.close();
    }

    private static boolean isOf(ReceiptId operation, byte[] encoding) {
        try {
            return ReceiptEncoding.decode(encoding).operationId().equals(operation);
        } catch (MalformedException e) {
            return false;
        }
    }
}
