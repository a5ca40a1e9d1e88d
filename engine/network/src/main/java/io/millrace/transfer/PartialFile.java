package io.millrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is being received: a hidden temporary file in the folder of its target until all of it is there and verified.
 *
 * <p>Not thread safe.
 */
final class PartialFile implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final FileChannel channel;
    private boolean open = true;

    private PartialFile(Path target, Path temporary, FileChannel channel) {
        this.target = target;
        this.temporary = temporary;
        this.channel = channel;
    }

    /** Creates the temporary file of a transfer; {@code target} does not come into being before {@link #publish}. */
    static PartialFile create(Path target, TransferId id) throws IOException {
        final Path temporary = target.resolveSibling(".millrace-" + id + ".part");
        final FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new PartialFile(target, temporary, channel);
    }

    Path target() {
        return target;
    }

    void write(long position, ByteBuffer data) throws IOException {
        long at = position;
        while (data.hasRemaining()) {
            at += channel.write(data, at);
        }
    }

    void read(long position, ByteBuffer into) throws IOException {
        FullReads.read(channel, position, into, temporary);
    }

    /**
     * Gives the file its name in one step, after its bytes have reached the disk.
     *
     * @throws FileAlreadyExistsException if a file of that name has come into being meanwhile.
     */
    void publish() throws IOException {
        channel.force(true);
        channel.close();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        open = false;
    }

    /** Deletes the temporary file unless it was published. */
    @Override
    public void close() throws IOException {
        if (open) {
            open = false;
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }
}
