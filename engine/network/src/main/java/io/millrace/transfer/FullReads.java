package io.millrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Positional reads that return all that was asked for, or fail. */
final class FullReads {
    private FullReads() {}

    /** Fills {@code into}; fails with a message that names {@code path} if the file ends before. */
    static void read(FileChannel channel, long position, ByteBuffer into, Path path) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            final int count = channel.read(into, at);
            if (count < 0) {
                throw new IOException("has become shorter while it was read: " + path);
            }
            at += count;
        }
    }
}
