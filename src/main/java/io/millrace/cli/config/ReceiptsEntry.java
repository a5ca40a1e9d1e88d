package io.millrace.cli.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The keys of {@code [engine]} about receipts.
 *
 * @param folder the key {@code receipts}: folder of the log, absolute.
 * @param operations the key {@code receipts-of}: what they are made for, for example {@code forwarded, custody}.
 * @param mode the key {@code receipts-mode}: {@code batch} or {@code single}.
 */
public record ReceiptsEntry(Path folder, Optional<String> operations, Optional<String> mode) {
    private static final String OPERATIONS = "receipts-of";
    private static final String MODE = "receipts-mode";

    static Optional<ReceiptsEntry> read(TomlTable table) {
        final Optional<Path> folder = table.optionalPath("receipts");
        final Optional<String> operations = table.optionalText(OPERATIONS);
        final Optional<String> mode = table.optionalText(MODE);
        if (folder.isEmpty() && operations.isPresent()) {
            throw table.wrong("means nothing without receipts", OPERATIONS, operations.get());
        }
        if (folder.isEmpty() && mode.isPresent()) {
            throw table.wrong("means nothing without receipts", MODE, mode.get());
        }
        return folder.map(each -> new ReceiptsEntry(each, operations, mode));
    }
}
