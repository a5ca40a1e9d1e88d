package io.millrace.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files as a whole: a new file next to the target takes its place in one step, once all bytes are on the disk. A
 * write that fails, on a full disk for instance, leaves the target as it was and gives the room back.
 *
 * <p>A target that is a link is followed. A device, a pipe or an open descriptor, such as {@code /dev/stdout}, is written to
 * directly.
 */
public final class WholeFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int BUFFER_LENGTH = 1 << 16;

    private WholeFile() {}

    /** Writes the bytes of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes all bytes.
         *
         * @param out buffered; is flushed and closed by the caller.
         * @throws IOException if they cannot be written.
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Replaces a file, or makes it.
     *
     * @param file in a folder that exists.
     * @param content all bytes of it.
     * @throws IOException if it cannot be written; the file is as it was then.
     */
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, out -> out.write(content));
    }

    /**
     * Replaces a file, or makes it.
     *
     * @param file in a folder that exists.
     * @param text all of it, written as UTF-8.
     * @throws IOException if it cannot be written; the file is as it was then.
     */
    public static void replace(Path file, String text) throws IOException {
        replace(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Replaces a file, or makes it. A file that is there keeps its permissions.
     *
     * @param file in a folder that exists.
     * @param content writes all bytes of it.
     * @throws IOException if it cannot be written; the file is as it was then.
     */
    public static void replace(Path file, Content content) throws IOException {
        if (!Files.exists(file)) {
            put(file, content, null);
        } else if (isReplaced(file)) {
            final Path real = file.toRealPath();
            put(real, content, Files.getPosixFilePermissions(real));
        } else {
            final Optional<OpenDescriptor> descriptor = OpenDescriptor.of(file);
            if (descriptor.isPresent()) {
                descriptor.get().write(content);
            } else {
                writeTo(file, content, StandardOpenOption.WRITE);
            }
        }
    }

    /**
     * Whether {@link #replace} puts a new file in the place of one that is there.
     *
     * @param file that exists.
     * @return false if it is written to directly.
     * @throws IOException if a link on the way to it cannot be read.
     */
    public static boolean isReplaced(Path file) throws IOException {
        return Files.isRegularFile(file) && OpenDescriptor.of(file).isEmpty();
    }

    /** Writes to the existing file or device. */
    static void writeTo(Path file, Content content, OpenOption how) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, how), BUFFER_LENGTH)) {
            content.writeTo(out);
        }
    }

    /**
     * Replaces a file, or makes it, with mode 0600.
     *
     * @param file in a folder that exists.
     * @param content all bytes of it.
     * @throws IOException if it cannot be written; the file is as it was then.
     */
    public static void replaceOwnerOnly(Path file, byte[] content) throws IOException {
        put(file, out -> out.write(content), OWNER_ONLY);
    }

    /**
     * Finds out whether files can be made in a folder, by making one and deleting it.
     *
     * @param folder that exists.
     * @throws IOException if none can be made.
     */
    public static void probe(Path folder) throws IOException {
        final Path probe = unfinished(folder.resolve("probe"));
        FileChannel.open(
                        probe,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE)
                .close();
    }

    /** Where a file is written before it takes its place; short, so that a long name stays possible. */
    private static Path unfinished(Path file) {
        return file.resolveSibling(".millrace-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + ".new");
    }

    /** Puts a new file there; {@code permissions} is null for those that the umask leaves. */
    private static void put(Path file, Content content, Set<PosixFilePermission> permissions) throws IOException {
        final FileAttribute<?>[] attributes = permissions == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
        final Path fresh = unfinished(file);
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                if (permissions != null && !Files.getPosixFilePermissions(fresh).equals(permissions)) {
                    Files.setPosixFilePermissions(fresh, permissions); // the umask took some
                }
                final OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_LENGTH);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
        force(file.toAbsolutePath().getParent());
    }

    /** Brings new names in a folder to the disk. */
    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
