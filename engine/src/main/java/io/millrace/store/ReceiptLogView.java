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
    private final boolean durableOnly;

    private ReceiptLogView(LogView view, boolean durableOnly) {
        this.view = view;
        this.durableOnly = durableOnly;
    }

    /**
     * Opens the log in {@code directory} for reading.
     *
     * @throws java.nio.file.NoSuchFileException if there is none.
     */
    public static ReceiptLogView open(Path directory) throws IOException {
        return new ReceiptLogView(LogView.open(directory, StoredReceipts.LAYOUT), false);
    }

    /**
     * Opens the log in {@code directory} for reading as far as it is durable: for statements about it that leave this
     * machine. A signed checkpoint that a loss of power takes back would fork the log.
     *
     * @throws java.nio.file.NoSuchFileException if there is none.
     */
    public static ReceiptLogView openDurable(Path directory) throws IOException {
        return new ReceiptLogView(LogView.open(directory, StoredReceipts.LAYOUT), true);
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        final long end = durableOnly ? view.durable() : Long.MAX_VALUE;
        view.forEach((position, record) -> position < end && visitor.record(record));
    }

    @Override
    public void close() throws IOException {
        view.close();
    }
}
