package io.millrace.cli.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The folder that received files go to. Takes only plain names, and never overwrites. */
public final class Inbox {
    private final Path folder;

    /** Receives into {@code folder}, which exists. */
    public Inbox(Path folder) {
        this.folder = folder;
    }

    /** Why a file is not taken; null if it is. */
    RefusalReason refusal(OfferedFile file) throws IOException {
        if (!isPlain(file.name())) {
            return RefusalReason.BAD_NAME;
        }
        if (Files.exists(folder.resolve(file.name()), LinkOption.NOFOLLOW_LINKS)) {
            return RefusalReason.EXISTS;
        }
        return file.length() > Files.getFileStore(folder).getUsableSpace() ? RefusalReason.NO_SPACE : null;
    }

    /** Begins a file that was not refused. */
    PartialFile create(OfferedFile file, TransferId id) throws IOException {
        return PartialFile.create(folder.resolve(file.name()), id);
    }

    /** Whether a name is one visible entry of a folder, on every system, and safe to print. */
    private static boolean isPlain(String name) {
        return !name.startsWith(".")
                && name.chars()
                        .noneMatch(letter ->
                                letter == '/' || letter == '\\' || letter == ':' || Character.isISOControl(letter));
    }
}
