package io.millrace.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Room in files that are mapped: written before it is mapped. */
public final class FileRoom {
    private static final int ZEROS = 1 << 16;

    private FileRoom() {}

    /**
     * Takes room on the disk: a mapped hole of a file would end the process when the disk is full. If there is not enough, the
     * file is as long as before, so that the part that fitted does not keep the disk full for others.
     *
     * @param channel of the file, open for writing.
     * @param position of the first zero in the file, in bytes.
     * @param length number of zeros, in bytes.
     * @throws IOException if the disk is full or fails.
     */
    public static void writeZeros(FileChannel channel, long position, long length) throws IOException {
        final long lengthBefore = channel.size();
        final ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS, length));
        try {
            for (long at = position; at < position + length; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), position + length - at));
                at += channel.write(zeros, at);
            }
        } catch (IOException e) {
            giveBack(channel, lengthBefore, e);
            throw e;
        }
    }

    private static void giveBack(FileChannel channel, long length, IOException failure) {
        try {
            channel.truncate(length);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
