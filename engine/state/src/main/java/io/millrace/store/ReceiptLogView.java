package io.millrace.store;

import io.millrace.receipt.ReceiptRecords;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a receipt log's files while another process may append to them: takes no lock, writes nothing, and ends at the
 * first record that is not whole, which is where the writer is.
 *
 * <p>Not thread safe.
 */
public final class ReceiptLogView implements ReceiptRecords {
    private final Path directory;
    private final boolean durableOnly;

    private ReceiptLogView(Path directory, boolean durableOnly) throws IOException {
        this.directory = directory;
        this.durableOnly = durableOnly;
        if (segments().isEmpty()) {
            throw new NoSuchFileException(ReceiptSegments.file(directory, 0).toString());
        }
    }

    /**
     * Opens the log in {@code directory} for reading.
     *
     * @param directory of the log.
     * @throws NoSuchFileException if there is none.
     */
    public static ReceiptLogView open(Path directory) throws IOException {
        return new ReceiptLogView(directory, false);
    }

    /**
     * Opens the log in {@code directory} for reading as far as it is durable: for statements about it that leave this
     * machine. A signed checkpoint that a loss of power takes back would fork the log.
     *
     * @param directory of the log.
     * @throws NoSuchFileException if there is none.
     */
    public static ReceiptLogView openDurable(Path directory) throws IOException {
        return new ReceiptLogView(directory, true);
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        final List<LogView> views = openAll();
        try {
            final Progress progress = new Progress(visitor);
            for (LogView view : views) {
                if (!progress.stopped) {
                    progress.read(view, durableOnly);
                }
            }
        } finally {
            for (LogView view : views) {
                view.close();
            }
        }
    }

    @Override
    public void history(Visitor visitor) throws IOException {
        try (LogView view = LogView.open(directory, ReceiptSegments.HISTORY)) {
            new Progress(visitor).read(view, false);
        } catch (NoSuchFileException e) {
            return; // the log was never divided
        }
    }

    /** Nothing stays open between two readings. */
    @Override
    public void close() {}

    /** All segments, before the first is read: those that the writer deletes from now on stay readable. */
    private List<LogView> openAll() throws IOException {
        final List<LogView> views = new ArrayList<>();
        for (int number : segments()) {
            try {
                views.add(LogView.open(directory, ReceiptSegments.layout(number)));
            } catch (NoSuchFileException e) {
                // Deleted since the folder was listed, and with it those before.
                for (LogView view : views) {
                    view.close();
                }
                views.clear();
            }
        }
        return views;
    }

    private List<Integer> segments() throws IOException {
        return ReceiptSegments.list(directory);
    }

    /** Reading over the borders of files. */
    private static final class Progress {
        private final Visitor visitor;
        private boolean stopped;

        Progress(Visitor visitor) {
            this.visitor = visitor;
        }

        void read(LogView view, boolean durableOnly) throws IOException {
            final long end = durableOnly ? view.durable() : Long.MAX_VALUE;
            view.forEach((position, record) -> {
                stopped = position >= end || !visitor.record(record);
                return !stopped;
            });
        }
    }
}
