package io.millrace.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the sender reads the file, any piece of it as often as needed. */
@FunctionalInterface
public interface ChunkSource {
    /**
     * Fills {@code into} with the bytes from {@code position} on.
     *
     * @param position in the file, in bytes.
     * @param into filled to its limit.
     * @throws IOException if it cannot, for instance because the file has become shorter.
     */
    void read(long position, ByteBuffer into) throws IOException;
}
