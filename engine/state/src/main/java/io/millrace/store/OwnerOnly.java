package io.millrace.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files of mode 0600 and folders of mode 0700, under any umask. Those that are there already and that others may use are
 * tightened before they are opened. On a file system without such permissions nothing is asked for.
 */
public final class OwnerOnly {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /**
     * Opens a file, and makes it so where there is none and {@code options} allow it.
     *
     * @param file to be opened.
     * @param options as for {@link FileChannel#open(Path, OpenOption...)}.
     * @return the open file; the caller's.
     * @throws IOException if it cannot be opened, made or tightened.
     */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        if (!isPosix(file)) {
            return FileChannel.open(file, options);
        }
        final FileChannel channel = FileChannel.open(file, Set.of(options), PosixFilePermissions.asFileAttribute(FILE));
        try {
            tighten(file, FILE);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Makes a folder, with those above it, or tightens it. */
    static void folder(Path folder) throws IOException {
        if (!isPosix(folder)) {
            Files.createDirectories(folder);
            return;
        }
        if (folder.getParent() != null) {
            Files.createDirectories(folder.getParent());
        }
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
        tighten(folder, FOLDER);
    }

    private static void tighten(Path path, Set<PosixFilePermission> most) throws IOException {
        final Set<PosixFilePermission> now = Files.getPosixFilePermissions(path);
        if (!most.containsAll(now)) {
            final Set<PosixFilePermission> tightened = EnumSet.copyOf(most);
            tightened.retainAll(now);
            Files.setPosixFilePermissions(path, tightened);
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
