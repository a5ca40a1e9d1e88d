package io.millrace.transfer;

import io.millrace.text.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The folder that received files go to. Never overwrites. A file keeps the name it was offered under, except that a leading
 * dot and characters that {@link Shown} escapes become {@code %} and two hexadecimal digits for each byte in UTF-8: no file
 * is hidden, and none looks like another kind of file.
 */
public final class Inbox {
    private static final int LONGEST_NAME = 255;

    private final Path folder;

    /**
     * Receives into a folder.
     *
     * @param folder that exists.
     */
    public Inbox(Path folder) {
        this.folder = folder;
    }

    /** Why a file is not taken; null if it is. */
    RefusalReason refusal(OfferedFile file) throws IOException {
        final Path target;
        try {
            target = folder.resolve(nameHere(file.name()));
        } catch (InvalidPathException e) { // a character that the charset of the locale has not
            return RefusalReason.BAD_NAME;
        }
        if (!isOneEntry(file.name())) {
            return RefusalReason.BAD_NAME;
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return RefusalReason.EXISTS;
        }
        return file.length() > Files.getFileStore(folder).getUsableSpace() ? RefusalReason.NO_SPACE : null;
    }

    /** Begins a file that was not refused. */
    PartialFile create(OfferedFile file, TransferId id) throws IOException {
        return PartialFile.create(folder.resolve(nameHere(file.name())), id);
    }

    /** Whether a name is one entry of a folder. */
    private static boolean isOneEntry(String name) {
        return !name.equals(".")
                && !name.equals("..")
                && name.indexOf('/') < 0
                && nameHere(name).getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
    }

    /**
     * The name that a file gets.
     *
     * @param name as it was offered.
     * @return a name that is visible and safe to print.
     */
    static String nameHere(String name) {
        final StringBuilder here = new StringBuilder(name.length());
        name.codePoints().forEach(each -> {
            final String letter = Character.toString(each);
            if (Shown.isPlain(letter) && !(here.isEmpty() && each == '.')) {
                here.append(letter);
                return;
            }
            for (byte octet : letter.getBytes(StandardCharsets.UTF_8)) {
                here.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        });
        return here.toString();
    }
}
