package io.millrace.node.keys;

import io.millrace.text.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Files that only their owner may read: the one place where the program looks at that, for every secret that it reads. */
public final class SecretFile {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private static final int MAX_LENGTH = 1 << 16;

    private SecretFile() {}

    /**
     * Writes a file with mode 0600 and brings it to the disk.
     *
     * @param file to write.
     * @param content bytes from position to limit; the caller wipes them.
     * @param overwrite whether a file that is there is replaced, as a whole; otherwise it is left alone.
     * @throws ConfigException if the file is there and {@code overwrite} is false.
     */
    public static void write(Path file, ByteBuffer content, boolean overwrite) throws IOException {
        if (!overwrite) {
            try {
                writeNew(file, content);
            } catch (FileAlreadyExistsException e) {
                throw new ConfigException("exists already, --force replaces it: " + file, e);
            }
            return;
        }
        final Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        writeNew(fresh, content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Reads a file as a whole; the caller wipes the result.
     *
     * @throws ConfigException if others than its owner may read it, or it is longer than any file of secrets.
     */
    static byte[] read(Path file) throws IOException {
        requireOwnerOnly(file);
        final byte[] buffer = new byte[MAX_LENGTH + 1];
        try (InputStream in = Files.newInputStream(file)) {
            final int length = in.readNBytes(buffer, 0, buffer.length);
            if (length > MAX_LENGTH) {
                throw new ConfigException("not a file of secrets, longer than " + MAX_LENGTH + " bytes: " + file);
            }
            return Arrays.copyOf(buffer, length);
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    /**
     * Refuses a file with a secret that others may read or write.
     *
     * @param file that exists.
     * @throws ConfigException if others than its owner may read or write it.
     */
    public static void requireOwnerOnly(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "a folder, not a file");
        }
        if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
            throw new ConfigException("others can read this secret file, mend it with chmod 600: " + file);
        }
    }

    /** A file that could not be written whole, on a full disk for instance, is deleted: it would be taken for a key. */
    private static void writeNew(Path file, ByteBuffer content) throws IOException {
        boolean written = false;
        final FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (channel) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
            written = true;
        } finally {
            if (!written) {
                Files.deleteIfExists(file);
            }
        }
    }
}
