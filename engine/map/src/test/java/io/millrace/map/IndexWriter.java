package io.millrace.map;

import io.millrace.receipt.ReceiptRetention;
import java.io.PrintStream;
import java.nio.file.Path;

/** A process that appends receipts to a log with its index until it is killed, and prints the log's size after each batch. */
final class IndexWriter {
    static final ReceiptRetention RETENTION = new ReceiptRetention(1L << 30, 1 << 22, 100);
    static final long FIRST_CAPACITY = 2_000;
    private static final int BATCH = 37;

    private IndexWriter() {}

    /** Argument: the folder of the log. */
    public static void main(String[] arguments) throws Exception {
        final PrintStream out = System.out;
        final Path folder = Path.of(arguments[0]);
        try (IndexedLog log = open(folder)) {
            while (true) {
                log.append(BATCH);
                out.println(log.log.size());
                out.flush();
            }
        }
    }

    static IndexedLog open(Path folder) throws Exception {
        return IndexedLog.open(folder, RETENTION, MapReceiptIndex.open(folder.resolve("index"), FIRST_CAPACITY));
    }
}
