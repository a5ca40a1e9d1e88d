package io.millrace.receipt;

import io.millrace.store.LogLayout;
import io.millrace.store.LogView;
import io.millrace.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names and layouts of a receipt log's files: {@code receipts.log}, {@code receipts-1.log} and so on, {@code history.log}. */
final class ReceiptSegments {
    /** Layout of the file with the beginnings of all segments: grows by 64 KiB. */
    static final LogLayout HISTORY = new LogLayout("history", 1 << 13, 1 << 16, LogLayout.Writing.CALLED);

    private static final String NAME = "receipts";
    private static final int CHUNK_LENGTH = 1 << 24;
    private static final Pattern FILE = Pattern.compile(NAME + "(?:-([1-9][0-9]{0,8}))?" + Store.LOG_ENDING);

    private ReceiptSegments() {}

    /** Layout of a segment: grows by 16 MiB. */
    static LogLayout layout(int number) {
        final String name = number == 0 ? NAME : NAME + "-" + number;
        return new LogLayout(name, BatchRecord.MAX_LENGTH, CHUNK_LENGTH, LogLayout.Writing.CALLED);
    }

    /** File of a segment. */
    static Path file(Path directory, int number) {
        return directory.resolve(layout(number).name() + Store.LOG_ENDING);
    }

    /** Numbers of the segments that are there, rising. */
    static List<Integer> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> FILE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> name.group(1) == null ? 0 : Integer.parseInt(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    /** Index of the first receipt of a segment other than number 0, from its first record; negative without one. */
    static long firstIndex(LogView view) throws IOException {
        final long[] found = {-1};
        view.forEach((position, record) -> {
            found[0] = SegmentRecord.isOne(record) ? SegmentRecord.size(record) : -1;
            return false;
        });
        return found[0];
    }
}
