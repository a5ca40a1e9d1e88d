package io.millrace.receipt;

import io.millrace.store.LogView;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        forEachFrom(0, visitor);
    }

    @Override
    public void forEachFrom(long index, Visitor visitor) throws IOException {
        final List<LogView> views = openAll();
        try {
            final Progress progress = new Progress(visitor);
            for (LogView view : views.subList(segmentOf(index, views), views.size())) {
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

    /**
     * Reads a receipt from its segment, and hashes nothing: its length bounds the time, and not that of the log.
     *
     * @param index in the log, 0 or more.
     * @return encoding of the receipt; empty if the log does not have it, or has it no more.
     * @throws IOException if the log cannot be read.
     */
    public Optional<byte[]> encoding(long index) throws IOException {
        final List<byte[]> found = new ArrayList<>();
        forEachFrom(index, record -> {
            final Optional<byte[]> here = BatchRecord.find(record, index);
            if (here.isPresent()) {
                found.clear(); // the earlier one was of a batch that never ended
                found.add(here.get());
            }
            return here.isPresent() || found.isEmpty();
        });
        return found.stream().findFirst();
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

    /** Place in {@code views} of the segment with that receipt; 0 if it is before all of them. */
    private static int segmentOf(long index, List<LogView> views) throws IOException {
        for (int i = views.size() - 1; i > 0; i--) {
            final long first = ReceiptSegments.firstIndex(views.get(i));
            if (first >= 0 && first <= index) {
                return i;
            }
        }
        return 0;
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
