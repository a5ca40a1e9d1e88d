package io.millrace.receipt;

import io.millrace.store.AppendLog;
import io.millrace.store.CommitPolicy;
import io.millrace.store.LogView;
import io.millrace.store.Store;
import io.millrace.store.StoreException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Records of a receipt log in a separate store, in segments of which the newest is written: one process writes; any
 * number read the same files meanwhile by {@link ReceiptLogView}, which takes no lock and writes nothing.
 *
 * <p>A log that waits for room, because the committing thread has not made the next chunk yet, is waited for a
 * little: the receipts thread is not the packets'.
 */
public final class StoredReceipts implements ReceiptStore {
    private final Store store;
    private final ReceiptRetention retention;
    private final Deque<Ended> ended = new ArrayDeque<>(); // the oldest first
    private long endedLength;
    private volatile Newest newest;
    private volatile IOException problem;

    /** A segment that is only read; {@code end} is the index after its last receipt. */
    private record Ended(int number, long end, long length) {}

    /** The segment that is written; {@code base} is the length of those that ended since the log was opened. */
    private record Newest(int number, long base, AppendLog log) {
        long position() {
            return base + log.position();
        }
    }

    private StoredReceipts(Store store, ReceiptRetention retention) throws IOException {
        this.store = store;
        this.retention = retention;
        final List<Integer> numbers = ReceiptSegments.list(store.directory());
        int number = numbers.isEmpty() ? 0 : numbers.getLast();
        AppendLog log = store.log(ReceiptSegments.layout(number));
        if (numbers.size() > 1 && log.position() == log.begin()) {
            // The process ended between making the file and its first record.
            store.release(log);
            Files.delete(log.file());
            number = numbers.get(numbers.size() - 2);
            log = store.log(ReceiptSegments.layout(number));
        }
        this.newest = new Newest(number, 0, log);
        for (int each : numbers) {
            if (each < number) {
                final Path file = ReceiptSegments.file(store.directory(), each);
                final int after = numbers.get(numbers.indexOf(each) + 1);
                ended.add(new Ended(each, firstIndex(after), Files.size(file)));
                endedLength += ended.getLast().length;
            }
        }
    }

    /**
     * Opens the records in {@code directory}, and makes it where there is none; keeps all.
     *
     * @param directory of the log.
     * @param policy when records become durable.
     * @param maxLength length in bytes at which the log is full, 1 or more.
     * @throws StoreException if another process writes it, or it is damaged.
     */
    public static StoredReceipts open(Path directory, CommitPolicy policy, long maxLength) throws IOException {
        return open(directory, policy, ReceiptRetention.all(maxLength));
    }

    /**
     * Opens the records in {@code directory}, and makes it where there is none.
     *
     * @param directory of the log.
     * @param policy when records become durable.
     * @param retention how long the log may become and how much of it is kept.
     * @throws StoreException if another process writes it, or it is damaged.
     */
    public static StoredReceipts open(Path directory, CommitPolicy policy, ReceiptRetention retention)
            throws IOException {
        final Store store = Store.open(directory, policy);
        boolean opened = false;
        try {
            final StoredReceipts receipts = new StoredReceipts(store, retention);
            opened = true;
            return receipts;
        } finally {
            if (!opened) {
                store.close();
            }
        }
    }

    @Override
    public boolean append(MemorySegment record, int length) {
        final AppendLog log = newest.log;
        if (endedLength + log.position() + length > retention.maxLength()) {
            return false;
        }
        return log.appendPatiently(record, 0, length) >= 0;
    }

    @Override
    public long position() {
        return newest.position();
    }

    @Override
    public long durablePosition() {
        final Newest now = newest;
        return now.base + now.log.durablePosition();
    }

    @Override
    public void commit() throws IOException {
        newest.log.commit();
    }

    @Override
    public boolean isSegmentDue() {
        return newest.log.position() >= retention.segmentLength();
    }

    @Override
    public boolean beginSegment(MemorySegment record, int length) {
        final Newest before = newest;
        final int number = before.number + 1;
        try {
            before.log.commit();
            keepInHistory(record, length);
            final AppendLog log = begin(number, record, length);
            store.release(before.log);
            ended.add(new Ended(before.number, SegmentRecord.size(record), Files.size(before.log.file())));
            endedLength += ended.getLast().length;
            newest = new Newest(number, before.position(), log);
            problem = null;
            return true;
        } catch (IOException e) {
            problem = e;
            return false;
        }
    }

    /**
     * Deletes the oldest segments that are not to be kept. Belongs to the appending thread.
     *
     * @param publishedSize size of the newest checkpoint that is published and durable: nothing behind it is deleted, so
     *     that the log contains it.
     * @throws IOException if a file cannot be deleted; tried again the next time.
     */
    public void release(long publishedSize) throws IOException {
        while (ended.size() > retention.keep() && ended.getFirst().end <= publishedSize) {
            Files.deleteIfExists(ReceiptSegments.file(store.directory(), ended.getFirst().number));
            endedLength -= ended.removeFirst().length;
        }
    }

    /** Why the last segment could not be begun; empty if it was. */
    public Optional<IOException> problem() {
        return Optional.ofNullable(problem);
    }

    @Override
    public void forEach(Visitor visitor) throws IOException {
        try (ReceiptLogView view = ReceiptLogView.open(store.directory())) {
            view.forEach(visitor);
        }
    }

    @Override
    public void forEachFrom(long index, Visitor visitor) throws IOException {
        try (ReceiptLogView view = ReceiptLogView.open(store.directory())) {
            view.forEachFrom(index, visitor);
        }
    }

    @Override
    public void history(Visitor visitor) throws IOException {
        try (ReceiptLogView view = ReceiptLogView.open(store.directory())) {
            view.history(visitor);
        }
    }

    @Override
    public void close() throws IOException {
        store.close();
    }

    /** In a file of all segments' beginnings, durable before the segment begins: it outlives the segments. */
    private void keepInHistory(MemorySegment record, int length) throws IOException {
        final AppendLog history = store.log(ReceiptSegments.HISTORY);
        try {
            append(history, record, length);
        } finally {
            store.release(history);
        }
    }

    private AppendLog begin(int number, MemorySegment record, int length) throws IOException {
        final Path file = ReceiptSegments.file(store.directory(), number);
        AppendLog log = null;
        boolean begun = false;
        try {
            log = store.log(ReceiptSegments.layout(number));
            append(log, record, length);
            Store.forceDirectory(store.directory());
            begun = true;
            return log;
        } finally {
            if (!begun) {
                if (log != null) {
                    store.release(log);
                }
                Files.deleteIfExists(file);
            }
        }
    }

    private static void append(AppendLog log, MemorySegment record, int length) throws IOException {
        if (log.appendPatiently(record, 0, length) < 0) {
            throw log.failure()
                    .or(log::shortage)
                    .orElseGet(() -> new StoreException("no room for the beginning of a segment: file=" + log.file()));
        }
        log.commit();
    }

    private long firstIndex(int number) throws IOException {
        try (LogView view = LogView.open(store.directory(), ReceiptSegments.layout(number))) {
            final long first = ReceiptSegments.firstIndex(view);
            if (first < 0) {
                throw new StoreException(
                        "the segment does not begin with its record; restore it from a copy: file=" + view.file());
            }
            return first;
        }
    }
}
