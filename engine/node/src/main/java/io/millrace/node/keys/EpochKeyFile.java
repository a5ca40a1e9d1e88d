package io.millrace.node.keys;

import io.millrace.crypto.SecretKey;
import io.millrace.text.ConfigException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The secret of one key epoch in a file of mode 0600. Its bytes never come to the heap.
 *
 * <pre>
 *  offset  length  field
 *       0       8  "mr-epoch"
 *       8       8  number       little endian
 *      16      32  secret       X25519, for Sphinx
 *      48       4  CRC-32C of the bytes before, little endian
 *      52          end
 * </pre>
 *
 * <p>A wiped file is zeros throughout.
 */
final class EpochKeyFile {
    private static final ValueLayout.OfLong LE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final long MAGIC = 0x68636f70652d726dL;
    private static final int NUMBER_OFFSET = 8;
    private static final int SECRET_OFFSET = 16;
    private static final int CHECK_OFFSET = 48;

    /** Length in bytes. */
    static final int LENGTH = 52;

    private EpochKeyFile() {}

    /** Writes a file that does not exist, and brings its bytes to the disk. */
    static void write(Path file, long number, SecretKey secret) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            final MemorySegment content = arena.allocate(LENGTH);
            try {
                content.set(LE_LONG, 0, MAGIC);
                content.set(LE_LONG, NUMBER_OFFSET, number);
                MemorySegment.copy(secret.segment(), 0, content, SECRET_OFFSET, SecretKey.LENGTH);
                content.set(LE_INT, CHECK_OFFSET, check(content));
                writeAll(channel, content.asByteBuffer());
            } finally {
                content.fill((byte) 0);
            }
        }
    }

    /**
     * Reads the secret; the caller closes it.
     *
     * @throws ConfigException if others may read the file or it is damaged.
     */
    static SecretKey read(Path file, long number) throws IOException {
        SecretFile.requireOwnerOnly(file);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment content = arena.allocate(LENGTH);
            try {
                if (!readAll(file, content)
                        || content.get(LE_LONG, 0) != MAGIC
                        || content.get(LE_LONG, NUMBER_OFFSET) != number
                        || content.get(LE_INT, CHECK_OFFSET) != check(content)) {
                    throw new ConfigException("the secret of key epoch " + number + " is damaged: " + file);
                }
                return SecretKey.copyOf(content.asSlice(SECRET_OFFSET, SecretKey.LENGTH));
            } finally {
                content.fill((byte) 0);
            }
        }
    }

    /** Whether the file has been overwritten, though not deleted. */
    static boolean isWiped(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment content = arena.allocate(LENGTH);
            final boolean whole = readAll(file, content);
            final boolean wiped = whole && content.mismatch(arena.allocate(LENGTH)) == -1;
            content.fill((byte) 0);
            return wiped;
        }
    }

    /** Overwrites the file with zeros, brings them to the disk, and deletes it; the caller forces the folder. */
    static void wipe(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            writeAll(channel, ByteBuffer.allocate(Math.max(LENGTH, (int) channel.size())));
        }
        Files.delete(file);
    }

    private static void writeAll(FileChannel channel, ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
        channel.force(true);
    }

    /** Whether the file has exactly as many bytes as {@code content}. */
    private static boolean readAll(Path file, MemorySegment content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            final ByteBuffer target = content.asByteBuffer();
            while (target.hasRemaining() && channel.read(target) >= 0) {}
            return !target.hasRemaining() && channel.size() == LENGTH;
        }
    }

    private static int check(MemorySegment content) {
        final CRC32C check = new CRC32C();
        check.update(content.asSlice(0, CHECK_OFFSET).asByteBuffer());
        return (int) check.getValue();
    }
}
