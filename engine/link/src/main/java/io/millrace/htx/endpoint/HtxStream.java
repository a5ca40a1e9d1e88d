package io.millrace.htx.endpoint;

import io.millrace.htx.session.Session;
import io.millrace.htx.session.SessionStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * One stream of a connection, read and written by blocking calls. One thread may read while another writes.
 *
 * <p>A reader that does not read holds up its own stream only: the other end may send one window more, and then waits.
 */
public final class HtxStream implements AutoCloseable {
    private final HtxConnection connection;
    private final SessionStream stream;
    private final Condition changed;
    private boolean closed;
    private long timeoutNs;

    HtxStream(HtxConnection connection, SessionStream stream) {
        this.connection = connection;
        this.stream = stream;
        this.changed = connection.lock().newCondition();
    }

    /** The stream's number: odd if the initiator of the session opened it. */
    public long id() {
        return stream.id();
    }

    /**
     * Bounds each wait of {@link #read} and {@link #write}, which throw {@link SocketTimeoutException} beyond it; the stream
     * can still be used then.
     *
     * @param timeout longest wait without progress; zero, as at first, for none.
     */
    public void timeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must be 0 or more: timeout=" + timeout);
        }
        connection.lock().lock();
        try {
            timeoutNs = timeout.toNanos();
        } finally {
            connection.lock().unlock();
        }
    }

    /**
     * Waits for bytes and moves those that fit to {@code target}.
     *
     * @param target receives up to its remaining bytes.
     * @return how many, or -1 after the last.
     * @throws IOException if the stream was reset, or the session ended before the stream did.
     */
    public int read(ByteBuffer target) throws IOException {
        final MemorySegment segment = MemorySegment.ofBuffer(target);
        if (!target.hasRemaining()) {
            return 0;
        }
        connection.lock().lock();
        try {
            final long sinceNs = System.nanoTime();
            while (true) {
                requireOpen();
                final int count = stream.read(segment, 0, target.remaining());
                if (count > 0) {
                    connection.flush(); // credit may have become due
                    target.position(target.position() + count);
                    return count;
                }
                if (count == SessionStream.END) {
                    return -1;
                }
                if (count == SessionStream.GONE) {
                    throw new IOException(gone("the stream ended before its last byte"));
                }
                await(sinceNs);
            }
        } finally {
            connection.lock().unlock();
        }
    }

    /**
     * Writes all of {@code source}; waits while there is no room.
     *
     * @param source sent up to its limit.
     * @throws IOException if the stream was reset, or the session ended.
     */
    public void write(ByteBuffer source) throws IOException {
        connection.lock().lock();
        try {
            long sinceNs = System.nanoTime();
            while (source.hasRemaining()) {
                requireOpen();
                final int count = stream.write(MemorySegment.ofBuffer(source), 0, source.remaining());
                if (count == SessionStream.GONE) {
                    throw new IOException(gone("the other end reads no more"));
                }
                if (count > 0) {
                    source.position(source.position() + count);
                    connection.flush();
                    sinceNs = System.nanoTime();
                } else {
                    await(sinceNs);
                }
            }
        } finally {
            connection.lock().unlock();
        }
    }

    /** Says that no more will be written; reading goes on. */
    public void finish() {
        connection.lock().lock();
        try {
            if (!connection.isClosed()) {
                stream.finish();
                connection.flush();
            }
        } finally {
            connection.lock().unlock();
        }
    }

    /** Gives the stream up in both directions. */
    public void reset() {
        connection.lock().lock();
        try {
            if (!connection.isClosed()) {
                stream.reset(Session.NO_ERROR);
                stream.release();
                connection.flush();
            }
            leave();
        } finally {
            connection.lock().unlock();
        }
    }

    /** The reading side for the JDK's classes; closing it drops what still comes. */
    public InputStream input() {
        return new Input();
    }

    /** The writing side for the JDK's classes, without a buffer; closing it is {@link #finish}. */
    public OutputStream output() {
        return new Output();
    }

    /**
     * Finishes writing, which sends all that was written, and drops what still comes. The other end sees a proper end: a
     * caller who could not write everything calls {@link #reset} first, so that a part is not taken for the whole.
     */
    @Override
    public void close() {
        connection.lock().lock();
        try {
            if (!connection.isClosed()) {
                stream.finish();
                stream.release();
                connection.flush();
            }
            leave();
        } finally {
            connection.lock().unlock();
        }
    }

    // A thread that waits must wake up.
    private void leave() {
        closed = true;
        connection.forget(stream);
        signal();
    }

    void signal() {
        changed.signalAll();
    }

    private void requireOpen() throws IOException {
        if (closed || connection.isClosed()) {
            throw new IOException(closed ? "the stream is closed" : "the connection is closed");
        }
    }

    private String gone(String what) {
        return stream.isReset() ? what + ": it was reset" : connection.over(what);
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void await(long sinceNs) throws InterruptedIOException {
        try {
            if (timeoutNs == 0) {
                changed.await();
                return;
            }
            final long left = sinceNs + timeoutNs - System.nanoTime();
            if (left <= 0) {
                throw new SocketTimeoutException(
                        "no progress within " + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms");
            }
            changed.awaitNanos(left);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            final byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return HtxStream.this.read(ByteBuffer.wrap(target, offset, length));
        }

        @Override
        public void close() {
            connection.lock().lock();
            try {
                if (!connection.isClosed()) {
                    stream.discardInput();
                    connection.flush();
                }
            } finally {
                connection.lock().unlock();
            }
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            HtxStream.this.write(ByteBuffer.wrap(new byte[] {(byte) one}));
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            HtxStream.this.write(ByteBuffer.wrap(source, offset, length));
        }

        @Override
        public void close() {
            finish();
        }
    }
}
