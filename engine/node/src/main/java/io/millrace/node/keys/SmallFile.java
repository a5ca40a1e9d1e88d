package io.millrace.node.keys;

import io.millrace.text.TextFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Short text files of mode 0600 that are replaced as a whole, on the disk when the method returns. */
final class SmallFile {
    /** How the name of a file ends that was not yet put in its place. */
    static final String NEW_ENDING = ".new";

    private static final int LONGEST = 4096;

    private SmallFile() {}

    static void replace(Path file, String text) throws IOException {
        final Path fresh = file.resolveSibling(file.getFileName() + NEW_ENDING);
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            final ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(file.getParent());
    }

    static String read(Path file) throws IOException {
        return TextFile.read(file, LONGEST);
    }

    /** Brings new, renamed and deleted entries of {@code folder} to the disk. */
    static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
