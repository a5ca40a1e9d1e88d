package io.millrace.endpoint;

import io.millrace.htx.Session;
import io.millrace.htx.SessionEnd;
import io.millrace.htx.SessionListener;
import io.millrace.htx.SessionStream;
import io.millrace.noise.NoiseTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A session with an authenticated other end, over one TCP connection. Whoever has it closes it.
 *
 * <p>May be used by several threads at once. What they write is sealed and sent by themselves as far as the socket takes
 * it, the rest by the selector thread.
 */
public final class HtxConnection implements AutoCloseable {
    private static final Duration CLOSING_TIME = Duration.ofSeconds(10);
    private static final int READS_PER_TURN = 16;

    private final HtxEndpoint endpoint;
    private final SelectionKey key;
    private final SocketChannel channel;
    private final byte[] handshakeHash;
    private final byte[] remoteStatic;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final IdentityHashMap<SessionStream, HtxStream> streams = new IdentityHashMap<>();
    private final ArrayDeque<HtxStream> accepted = new ArrayDeque<>();
    private final Session session;
    private Runnable onGone = () -> {};
    private boolean gone;
    private boolean closing;
    private boolean closed;
    private long peakBuffered;

    /** When the session wants its {@link Session#tick}; a cheap look for the selector thread. */
    private volatile long dueNs;

    HtxConnection(HtxEndpoint endpoint, SelectionKey key, NoiseTransport transport, boolean initiator) {
        this.endpoint = endpoint;
        this.key = key;
        this.channel = (SocketChannel) key.channel();
        this.handshakeHash = transport.handshakeHash();
        this.remoteStatic = transport.remoteStatic();
        this.session = Session.over(
                transport, initiator, endpoint.config(), endpoint.crypto(), endpoint.randomness(), new Events(), now());
    }

    /** Opens a stream. */
    public HtxStream open() throws IOException {
        lock.lock();
        try {
            final SessionStream stream = closing ? null : session.open(now());
            if (stream == null) {
                throw new IOException(
                        session.end() == null ? "too many streams are open" : "the session is over: " + session.end());
            }
            flush();
            return wrap(stream);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next stream that the other end opens; null if the session is over. */
    public HtxStream accept() throws InterruptedException {
        lock.lock();
        try {
            while (accepted.isEmpty()) {
                if (session.end() != null) {
                    return null;
                }
                changed.await();
            }
            return accepted.poll();
        } finally {
            lock.unlock();
        }
    }

    /** The handshake hash, 32 bytes: the same at both ends, unique to the session, not secret. */
    public byte[] handshakeHash() {
        return handshakeHash.clone();
    }

    /** The other end's static public key, 32 bytes. */
    public byte[] remoteStatic() {
        return remoteStatic.clone();
    }

    /** Why the session is over; null while it is not. */
    public SessionEnd end() {
        lock.lock();
        try {
            return session.end();
        } finally {
            lock.unlock();
        }
    }

    /** Figures of the session as they are now. */
    public HtxFigures figures() {
        lock.lock();
        try {
            return new HtxFigures(
                    session.framesSent(),
                    session.keyGeneration(),
                    TimeUnit.NANOSECONDS.toMicros(session.rttNs()),
                    session.memoryBytes(),
                    peakBuffered);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the session is over, and says why. */
    public SessionEnd awaitEnd() throws InterruptedException {
        lock.lock();
        try {
            while (session.end() == null) {
                changed.await();
            }
            return session.end();
        } finally {
            lock.unlock();
        }
    }

    /** Sends what is queued, ends the session in order, and waits for that, but not long. A second call does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closing) {
                closing = true;
                session.shutdown();
                flush();
                awaitGone();
                free();
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitGone() {
        try {
            long left = CLOSING_TIME.toNanos();
            while (!gone && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void free() {
        closed = true;
        session.abort();
        changed.signalAll();
        streams.values().forEach(HtxStream::signal);
        leave();
        session.close();
        endpoint.connections().remove(this);
    }

    // ---- the selector thread

    void onGone(Runnable action) {
        onGone = action;
    }

    void begin(long nowNs) {
        endpoint.connections().add(this);
        key.attach(new Driver());
        lock.lock();
        try {
            endpoint.loop().interest(key, SelectionKey.OP_READ);
            flush();
        } finally {
            lock.unlock();
        }
    }

    /** What the selector calls. */
    private final class Driver implements Attachment {
        @Override
        public boolean isStranger() {
            return false;
        }

        @Override
        public void ready(SelectionKey ready, long nowNs) throws IOException {
            lock.lock();
            try {
                if (!gone && key.isReadable()) {
                    receive(nowNs);
                }
                flush();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void tick(SelectionKey ready, long nowNs) {
            if (nowNs - dueNs < 0) {
                return;
            }
            lock.lock();
            try {
                if (!gone) {
                    session.tick(nowNs);
                    flush();
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void failed(IOException why) {
            lock.lock();
            try {
                lose();
            } finally {
                lock.unlock();
            }
        }
    }

    private void receive(long nowNs) throws IOException {
        for (int i = 0; i < READS_PER_TURN; i++) {
            final ByteBuffer room = session.inbound();
            final int count = channel.read(room);
            if (count < 0) {
                session.receivedEnd();
                return;
            }
            if (count == 0) {
                return;
            }
            session.received(nowNs);
            peakBuffered = Math.max(peakBuffered, session.buffered());
            if (session.end() != null) {
                return;
            }
        }
    }

    // ---- under the lock, any thread

    /** Seals and sends as far as the socket takes it, and leaves the rest to the selector. */
    void flush() {
        if (gone) {
            return;
        }
        final long nowNs = now();
        try {
            session.fill(nowNs);
            ByteBuffer bytes = session.outbound();
            while (bytes.hasRemaining()) {
                final int count = channel.write(bytes);
                if (count == 0) {
                    break;
                }
                session.sent(count);
                session.fill(nowNs);
                bytes = session.outbound();
            }
            if (session.finished()) {
                leave();
                return;
            }
            // The bytes have left: nobody waits for the next key.
            session.prepareKeys(nowNs);
            dueNs = session.deadlineNs();
            endpoint.loop()
                    .interest(
                            key,
                            bytes.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        } catch (IOException e) {
            lose();
        }
    }

    ReentrantLock lock() {
        return lock;
    }

    boolean isClosed() {
        return closed;
    }

    private void lose() {
        if (!gone) {
            session.receivedEnd();
            leave();
        }
    }

    private void leave() {
        if (!gone) {
            gone = true;
            changed.signalAll();
            SelectorLoop.close(key);
            endpoint.loop().execute(onGone);
        }
    }

    private HtxStream wrap(SessionStream stream) {
        final HtxStream wrapped = new HtxStream(this, stream);
        streams.put(stream, wrapped);
        return wrapped;
    }

    void forget(SessionStream stream) {
        streams.remove(stream);
    }

    private long now() {
        return endpoint.loop().clock().nanoTime();
    }

    /** Passes on what the session tells. */
    private final class Events implements SessionListener {
        @Override
        public void onOpened(SessionStream stream) {
            accepted.add(wrap(stream));
            changed.signalAll();
        }

        @Override
        public void onReadable(SessionStream stream) {
            final HtxStream wrapped = streams.get(stream);
            if (stream.isReset() && accepted.remove(wrapped)) {
                // Given up before the application has seen it.
                streams.remove(stream);
                stream.release();
            }
            signal(stream);
        }

        @Override
        public void onWritable(SessionStream stream) {
            signal(stream);
        }

        @Override
        public void onEnd(SessionEnd end) {
            changed.signalAll();
            streams.values().forEach(HtxStream::signal);
        }

        private void signal(SessionStream stream) {
            final HtxStream wrapped = streams.get(stream);
            if (wrapped != null) {
                wrapped.signal();
            }
        }
    }
}
