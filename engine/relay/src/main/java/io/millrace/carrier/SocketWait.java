package io.millrace.carrier;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.millrace.natives.LinuxSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits in poll(2) until a socket has something to read, or another thread ends the wait by an event counter.
 *
 * <p>Threading: one thread waits; any thread may call {@link #wakeUp()}, also after {@link #close()}.
 */
final class SocketWait implements AutoCloseable {
    private static final long WAKEUP = LinuxSocket.POLLFD_LENGTH; // position of its entry, after that of the socket
    private static final long TOLD = 6; // position in an entry

    private final MemorySegment errnoState;
    private final MemorySegment entries;
    private final MemorySegment count;
    private final MemorySegment one; // its own memory: the waiting thread writes to the other
    private final int eventFd;
    private boolean closed;

    /**
     * Makes the event counter.
     *
     * @param arena for its memory; outlives it.
     * @param fd descriptor of the socket; stays the caller's.
     * @throws IOException if the process has no descriptor left.
     */
    SocketWait(Arena arena, int fd) throws IOException {
        this.errnoState = LinuxSocket.newErrnoState(arena);
        this.entries = arena.allocate(2L * LinuxSocket.POLLFD_LENGTH, JAVA_INT.byteAlignment());
        this.count = arena.allocate(JAVA_LONG);
        this.one = arena.allocateFrom(JAVA_LONG, 1);
        this.eventFd = LinuxSocket.eventfd(errnoState, LinuxSocket.EFD_NONBLOCK_CLOEXEC);
        if (eventFd < 0) {
            throw new IOException(LinuxSocket.strerror(-eventFd));
        }
        entry(0, fd);
        entry(WAKEUP, eventFd);
    }

    /**
     * Waits.
     *
     * @param ms longest wait in milliseconds.
     */
    void await(int ms) {
        if (LinuxSocket.poll(entries, 2, ms) > 0 && entries.get(JAVA_SHORT, WAKEUP + TOLD) != 0) {
            LinuxSocket.read(eventFd, count, Long.BYTES);
        }
    }

    /** Ends the wait, or the next one. */
    synchronized void wakeUp() {
        if (!closed) {
            LinuxSocket.write(eventFd, one, Long.BYTES);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LinuxSocket.close(errnoState, eventFd);
        }
    }

    private void entry(long at, int fd) {
        entries.set(JAVA_INT, at, fd);
        entries.set(JAVA_SHORT, at + Integer.BYTES, LinuxSocket.POLLIN);
    }
}
