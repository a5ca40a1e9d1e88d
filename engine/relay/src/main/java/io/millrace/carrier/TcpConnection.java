package io.millrace.carrier;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One TCP connection with its buffers of received and of unsent bytes, each bounded.
 *
 * <p>The stream is a row of records, each behind its length in two bytes, big endian: a frame without its
 * counter, a message, or (8 bytes) the counter of the next frame, sent where it does not follow from the frame before.
 *
 * <p>Not thread safe; belongs to the I/O thread. A failure of the socket closes it and is no exception.
 */
final class TcpConnection {
    /** Length of a record that sets the counter. */
    static final int COUNTER_LENGTH = 8;

    private static final int PREFIX_LENGTH = 2;
    private static final ValueLayout.OfLong LE_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final SocketChannel channel;
    final long sinceNs;
    int origin;
    boolean ready;
    private final int frameLength;
    private SelectionKey key;
    private ByteBuffer in;
    private MemorySegment inMemory;
    private ByteBuffer out;
    private MemorySegment outMemory;
    private int taken;
    private int filled;
    private long inCounter;
    private long outCounter;
    private boolean connected;
    private boolean ended;
    private boolean closed;

    /**
     * Takes over a channel.
     *
     * @param origin a peer, or a stranger's number.
     * @param frameLength of every frame in bytes, counter included.
     */
    TcpConnection(SocketChannel channel, int origin, int frameLength, ByteBuffer in, ByteBuffer out, long nowNs) {
        this.channel = channel;
        this.origin = origin;
        this.frameLength = frameLength;
        this.sinceNs = nowNs;
        this.connected = channel.isConnected();
        move(in, out);
    }

    void key(SelectionKey selectionKey) {
        key = selectionKey;
    }

    boolean isConnected() {
        return connected && !closed;
    }

    /** Whether it was once connected; it may be closed by now. */
    boolean wasConnected() {
        return connected;
    }

    /** Whether it has been trying to connect for so long that it is to be tried anew. */
    boolean isStale(long nowNs, long patienceNs) {
        return !connected && nowNs - sinceNs >= patienceNs;
    }

    boolean isClosed() {
        return closed;
    }

    /** Goes on with other, larger buffers. */
    void move(ByteBuffer newIn, ByteBuffer newOut) {
        newIn.clear();
        newOut.clear();
        if (in != null) {
            newIn.put(in.duplicate().limit(filled).position(taken));
            newOut.put(out.duplicate().flip());
        }
        in = newIn;
        inMemory = MemorySegment.ofBuffer(in.duplicate().clear());
        filled = in.position();
        taken = 0;
        out = newOut;
        outMemory = MemorySegment.ofBuffer(out.duplicate().clear());
    }

    /** The system reports that the connection is made, or has failed. */
    void finishConnect() {
        try {
            connected = channel.finishConnect();
            if (connected) {
                key.interestOps(SelectionKey.OP_READ);
                flush();
            }
        } catch (IOException e) {
            close();
        }
    }

    /**
     * Takes received records, frames and messages, into the rooms from {@code from} on.
     *
     * @return the number of the first room that is still free.
     */
    int take(DatagramBatch frames, int from, int limit, int roomLength) {
        int count = from;
        while (count < limit && !closed) {
            final int length = nextLength();
            if (length < 0) {
                if (!read()) {
                    break;
                }
            } else if (length == COUNTER_LENGTH) {
                inCounter = inMemory.get(LE_LONG, taken + (long) PREFIX_LENGTH);
                taken += PREFIX_LENGTH + length;
            } else if (length == frameLength - COUNTER_LENGTH - PREFIX_LENGTH && origin >= 0) {
                takeFrame(frames, count++, roomLength);
            } else if (length <= Carrier.MESSAGE_LIMIT) {
                final int kept = Math.min(length, roomLength);
                MemorySegment.copy(
                        inMemory, taken + (long) PREFIX_LENGTH, frames.memory(), frames.position(count), kept);
                frames.filled(count++, length, origin);
                taken += PREFIX_LENGTH + length;
            } else {
                close();
            }
        }
        return count;
    }

    /** Whether there is room for one more frame. */
    boolean hasRoom() {
        return out.remaining() >= frameLength + COUNTER_LENGTH;
    }

    /** Adds a frame to the unsent bytes; there is room. */
    void addFrame(MemorySegment memory, long position) {
        final long counter = memory.get(LE_LONG, position);
        if (counter != outCounter) {
            out.putShort((short) COUNTER_LENGTH);
            outMemory.set(LE_LONG, out.position(), counter);
            out.position(out.position() + COUNTER_LENGTH);
        }
        outCounter = counter + 1;
        final int length = frameLength - COUNTER_LENGTH;
        MemorySegment.copy(memory, position + COUNTER_LENGTH, outMemory, out.position(), length);
        out.position(out.position() + length);
    }

    /** Adds a message, or loses it if there is no room. */
    void addMessage(MemorySegment memory, long position, int length) {
        if (out.remaining() < PREFIX_LENGTH + length || (!connected && out.position() > 0)) {
            return;
        }
        out.putShort((short) length);
        MemorySegment.copy(memory, position, outMemory, out.position(), length);
        out.position(out.position() + length);
    }

    /** Sends as much as the system takes. */
    void flush() {
        if (!isConnected() || out.position() == 0) {
            return;
        }
        try {
            out.flip();
            channel.write(out);
            final boolean all = !out.hasRemaining();
            out.compact();
            final int wanted = all ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
            if (key.interestOps() != wanted) {
                key.interestOps(wanted);
            }
        } catch (IOException e) {
            close();
        }
    }

    /** Whether the system last took less than there was. */
    boolean isStalled() {
        return !closed && (key.interestOps() & SelectionKey.OP_WRITE) != 0;
    }

    /** Closes the socket; a second call does nothing. */
    void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            closed = true; // it is gone either way
        }
    }

    private void takeFrame(DatagramBatch frames, int index, int roomLength) {
        final long room = frames.position(index);
        frames.memory().set(LE_LONG, room, inCounter++);
        final int length = frameLength - COUNTER_LENGTH;
        MemorySegment.copy(
                inMemory,
                taken,
                frames.memory(),
                room + COUNTER_LENGTH,
                Math.min(length, Math.max(0, roomLength - COUNTER_LENGTH)));
        frames.filled(index, frameLength, origin);
        taken += length;
    }

    /** Length of the record at the front; -1 if it is not there as a whole. */
    private int nextLength() {
        if (filled - taken < PREFIX_LENGTH) {
            return -1;
        }
        final int length = Short.toUnsignedInt(in.getShort(taken));
        if (length > frameLength) {
            return length; // refused by who asks, before anybody waits for so much
        }
        return filled - taken >= PREFIX_LENGTH + length ? length : -1;
    }

    /** Receives once; false if there was nothing, or the connection ended. */
    private boolean read() {
        if (!ready || ended) {
            if (ended) {
                close();
            }
            return false;
        }
        ready = false;
        if (taken > 0) {
            in.limit(filled).position(taken);
            in.compact();
            filled -= taken;
            taken = 0;
        }
        if (filled == in.capacity()) {
            close(); // a record that does not fit: only a stranger's buffer is so small
            return false;
        }
        try {
            in.clear().position(filled);
            final int count = channel.read(in);
            ended = count < 0;
            if (count > 0) {
                filled += count;
                return true;
            }
            if (ended) {
                close();
            }
        } catch (IOException e) {
            close();
        }
        return false;
    }
}
