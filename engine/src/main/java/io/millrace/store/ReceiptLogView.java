package io.millrace.store;

import io.millrace.receipt.ReceiptRecords;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads a receipt log's file while another process may append to it: takes no lock, writes nothing, and ends at the first
 * record that is not whole, which is where the writer is.
 *
 * <p>Not thread safe.
 */
public final class ReceiptLogView implements ReceiptRecords {
    private final LogView view;

    private ReceiptLogView(LogView view) {
        this.view = view;
    }

    /**
     * Opens the log in {@code directory} for reading.
     *
     * @throws java.nio.file.NoSuchFileException if there is none.
     */
    public static ReceiptLogView open(Path directory) throws IOException {
        return new ReceiptLogView(LogView.open(directory, StoredReceipts.LAYOUT));
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        view.forEach((position, record) -> visitor.record(record));
    }

    @Override
    public void close() throws IOException {
        view.close();
    }
}
