package io.millrace.endpoint;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Room for one handshake message at a time, in either direction. Belongs to the selector thread. */
final class HandshakeBuffer implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory;
    private final ByteBuffer bytes;

    HandshakeBuffer(int longest) {
        memory = arena.allocate(longest);
        bytes = memory.asByteBuffer().limit(0);
    }

    MemorySegment memory() {
        return memory;
    }

    /** The next {@link #read} or {@link #write} is for a message of {@code length} bytes. */
    void begin(int length) {
        bytes.limit(length).position(0);
    }

    /** Reads on; true when the message is there as a whole. */
    boolean read(SocketChannel channel) throws IOException {
        if (channel.read(bytes) < 0) {
            throw new EOFException("the other end closed the connection in the handshake");
        }
        return !bytes.hasRemaining();
    }

    /** Writes on; true when the message has left as a whole. */
    boolean write(SocketChannel channel) throws IOException {
        channel.write(bytes);
        return !bytes.hasRemaining();
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
