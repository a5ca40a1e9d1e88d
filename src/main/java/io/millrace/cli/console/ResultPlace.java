package io.millrace.cli.console;

import io.millrace.files.WholeFile;
import io.millrace.text.FileTrouble;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** Finds out, before the work, whether a result can be put where it is asked for. */
final class ResultPlace {
    /** As long as the longest ending that a command puts behind a prefix. */
    private static final String LONGEST_ENDING = ".consistency";

    private final String option;
    private final Path path;

    private ResultPlace(String option, Path path) {
        this.option = option;
        this.path = path;
    }

    /**
     * Checks a place.
     *
     * @param option name of the option or argument, for the message.
     * @param path its value.
     * @param kind of the result.
     * @param hint option that replaces an existing file, for the message; may be empty.
     * @throws UsageError if it cannot be written there.
     */
    static void require(String option, Path path, PathKind kind, String hint) {
        final ResultPlace place = new ResultPlace(option, path);
        try {
            switch (kind) {
                case WRITTEN_FILE -> place.requireFile(true);
                case WRITTEN_IN_PLACE -> place.requireFile(false);
                case NEW_FILE -> place.requireNewFile(hint);
                case WRITTEN_FOLDER -> place.requireFolder();
                case WRITTEN_PREFIX -> place.requireName(path.resolveSibling(path.getFileName() + LONGEST_ENDING));
                case STORE -> {
                    if (path.toString().endsWith(".cbor")) {
                        place.requireFile(true);
                    } else {
                        place.requireFolder();
                    }
                }
                case FILE, FOLDER, PLACE -> throw new IllegalArgumentException("is only read: " + option);
            }
        } catch (IOException e) {
            throw place.refusal(reason(e) + ": name another place", e);
        }
    }

    /** Checks that a file can be made, or be replaced or written in place. */
    private void requireFile(boolean replaced) throws IOException {
        if (Files.isDirectory(path)) {
            throw refusal("is a folder: name a file in it", null);
        }
        if (!Files.exists(path)) {
            requireName(path);
        } else if (!Files.isWritable(path)) {
            throw refusal("must not be written: change its permissions, or name another file", null);
        } else if (replaced && WholeFile.isReplaced(path)) {
            requireName(path.toRealPath());
        }
    }

    private void requireNewFile(String hint) throws IOException {
        if (exists(path)) {
            throw refusal("exists already" + hint + ": name another file", null);
        }
        requireName(path);
    }

    private void requireFolder() throws IOException {
        Path least = path.toAbsolutePath();
        while (!exists(least)) {
            least = least.getParent();
        }
        if (!Files.isDirectory(least)) {
            throw refusal("not a folder: " + least + ": name another place", null);
        }
        probe(least);
    }

    /** Checks that a file of this name can be made. */
    private void requireName(Path file) throws IOException {
        final Path parent = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent)) {
            throw refusal(
                    Files.exists(parent)
                            ? "not a folder: " + parent + ": name another place"
                            : "no such folder: " + parent + ": make it, or name another place",
                    null);
        }
        exists(file); // throws if the name is too long
        probe(parent);
    }

    private void probe(Path folder) {
        try {
            WholeFile.probe(folder);
        } catch (IOException e) {
            final String given = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
            final String reason = e instanceof AccessDeniedException ? "permission denied" : given;
            throw refusal(
                    "no file can be made in the folder " + folder + ": " + (reason == null ? "" : reason + ": ")
                            + "name another place",
                    e);
        }
    }

    private static boolean exists(Path file) throws IOException {
        try {
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException failure
                ? Objects.requireNonNullElse(failure.getReason(), FileTrouble.describe(e))
                : FileTrouble.describe(e);
    }

    private UsageError refusal(String why, IOException cause) {
        return new UsageError(option + "=" + path + ": " + why, cause);
    }
}
