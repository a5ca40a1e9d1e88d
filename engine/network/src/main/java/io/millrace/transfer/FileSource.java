package io.millrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** The file to send, open until it is closed. Not thread safe. */
public final class FileSource implements ChunkSource, AutoCloseable {
    private static final int READ_LENGTH = 1 << 16;

    private final Path path;
    private final FileChannel channel;

    private FileSource(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens a file for reading.
     *
     * @param path of a readable file.
     */
    public static FileSource open(Path path) throws IOException {
        return new FileSource(path, FileChannel.open(path, StandardOpenOption.READ));
    }

    /**
     * Reads the whole file once and describes it as an offer.
     *
     * @param name to offer it under.
     * @param chunkLength bytes of a chunk, 1 to 65,535.
     * @return the offer.
     * @throws IOException if it cannot be read or is too large.
     */
    public OfferedFile describe(String name, int chunkLength) throws IOException {
        final MessageDigest sha256 = Sha256.begin();
        final ByteBuffer buffer = ByteBuffer.allocate(READ_LENGTH);
        long length = 0;
        for (int count = channel.read(buffer, 0); count > 0; count = channel.read(buffer, length)) {
            length += count;
            sha256.update(buffer.flip());
            buffer.clear();
        }
        if (length > (long) chunkLength * Integer.MAX_VALUE) {
            throw new IOException("too large to be sent: " + path + ", length=" + length);
        }
        return new OfferedFile(name, length, chunkLength, HexFormat.of().formatHex(sha256.digest()));
    }

    @Override
    public void read(long position, ByteBuffer into) throws IOException {
        FullReads.read(channel, position, into, path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
