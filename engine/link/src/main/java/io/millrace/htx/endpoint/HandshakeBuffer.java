package io.millrace.htx.endpoint;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Room for one handshake message at a time, in either direction. Belongs to one thread. */
final class HandshakeBuffer implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment memory;
    private final ByteBuffer bytes;

    HandshakeBuffer(int longest) {
        memory = arena.allocate(longest);
        bytes = memory.asByteBuffer();
    }

    MemorySegment memory() {
        return memory;
    }

    /** Waits for a message of {@code length} bytes. */
    void receive(SocketChannel channel, int length) throws IOException {
        bytes.clear().limit(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new EOFException("the other end closed the connection in the handshake");
            }
        }
    }

    /** Sends the first {@code length} bytes. */
    void send(SocketChannel channel, int length) throws IOException {
        bytes.clear().limit(length);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
