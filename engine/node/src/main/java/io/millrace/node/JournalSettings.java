package io.millrace.node;

import java.nio.file.Path;

/**
 * Place and durability of a relay's replay journal.
 *
 * @param folder of the store.
 * @param durableFirst whether a packet goes on only when its tag is on the disk.
 */
public record JournalSettings(Path folder, boolean durableFirst) {
    /** The sync mode {@code group} or {@code batch}; true for the latter. */
    static boolean sync(String text) {
        return switch (text) {
            case "group" -> false;
            case "batch" -> true;
            default -> throw new IllegalArgumentException("must be group or batch");
        };
    }
}
