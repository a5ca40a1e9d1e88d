package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a directory for one writing process. The system gives it back when the process ends, however it ends. */
final class DirectoryLock implements AutoCloseable {
    private static final String FILE_NAME = "lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock take(Path directory) throws IOException {
        final Path file = directory.resolve(FILE_NAME);
        final FileChannel channel =
                OwnerOnly.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            final FileLock lock = channel.tryLock();
            if (lock != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(
                        Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
                return new DirectoryLock(channel);
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw inUse(directory, file);
        }
        channel.close();
        throw inUse(directory, file);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static StoreException inUse(Path directory, Path file) throws IOException {
        final String holder = Files.readString(file, StandardCharsets.ISO_8859_1);
        return new StoreException("the store is in use by process " + (holder.isEmpty() ? "(unknown)" : holder)
                + ": stop that process, or name another directory: directory=" + directory);
    }
}
