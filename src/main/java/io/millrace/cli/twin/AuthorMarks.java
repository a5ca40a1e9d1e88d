package io.millrace.cli.twin;

import io.millrace.cli.console.InputFile;
import io.millrace.cli.console.UsageError;
import io.millrace.crdt.AuthorMark;
import io.millrace.crdt.type.ActorId;
import io.millrace.crdt.type.TwinId;
import io.millrace.files.WholeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The folder next to a key file that keeps, for each document, the last operation that the key has signed: one file a
 * document, named by it. It goes where the key goes. One process at a time signs with a key.
 */
final class AuthorMarks implements AutoCloseable {
    private static final String ENDING = ".twins";
    private static final String LOCK = "lock";
    private static final FileAttribute<?> FOLDER_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;
    private final FileChannel lock;

    private AuthorMarks(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /** The folder of a key file. */
    static Path folderOf(Path key) {
        return key.resolveSibling(key.getFileName() + ENDING);
    }

    /**
     * Opens the folder, and makes it where there is none.
     *
     * @throws UsageError if another process signs with the key.
     * @throws IOException if it cannot be written.
     */
    static AuthorMarks open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, FOLDER_MODE);
        }
        final FileChannel channel = FileChannel.open(
                folder.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE_MODE);
        try {
            if (channel.tryLock() != null) {
                return new AuthorMarks(folder, channel);
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(folder, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw inUse(folder, null);
    }

    /**
     * The mark of an actor in a document; empty if the key has signed nothing in it.
     *
     * @throws IOException if the file is there and is not the mark.
     */
    Optional<AuthorMark> read(TwinId twin, ActorId actor) throws IOException {
        final Path file = file(twin);
        final byte[] content;
        try {
            content = InputFile.bytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        return Optional.of(AuthorMark.decode(content)
                .filter(mark -> mark.twin().equals(twin) && mark.actor().equals(actor))
                .orElseThrow(() -> new IOException(
                        file + ": not the last operation of this key in this document; restore it from a copy")));
    }

    /** Keeps a mark; durable when it returns. */
    void write(AuthorMark mark) throws IOException {
        WholeFile.replaceOwnerOnly(file(mark.twin()), mark.encode());
    }

    private Path file(TwinId twin) {
        return folder.resolve(twin + ".mark");
    }

    private static UsageError inUse(Path folder, Exception cause) {
        return new UsageError("another process signs with this key: wait for its end: folder=" + folder, cause);
    }

    /** Lets other processes sign. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
