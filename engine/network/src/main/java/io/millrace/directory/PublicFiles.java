package io.millrace.directory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that everyone may read: mode 0644 in folders of mode 0755, replaced as a whole. */
final class PublicFiles {
    private PublicFiles() {}

    /** Makes a folder and its parents; sets the mode of the folder if it had to be made. */
    static void createFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Writes a new file, brings it to the disk, and replaces the old one by it in one step. */
    static void replace(Path file, byte[] content) throws IOException {
        final Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            final ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel parent = FileChannel.open(file.toAbsolutePath().getParent())) {
            parent.force(true);
        }
    }

    /**
     * Reads a file of at most {@code maxLength} bytes.
     *
     * @throws IOException if it is longer, or cannot be read.
     */
    static byte[] read(Path file, int maxLength) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] content = in.readNBytes(maxLength + 1);
            if (content.length > maxLength) {
                throw new IOException("longer than " + maxLength + " bytes: " + file);
            }
            return content;
        }
    }
}
