package io.millrace.htx.endpoint;

import io.millrace.htx.admission.SessionPlace;
import io.millrace.htx.session.Session;
import io.millrace.htx.session.SessionEnd;
import io.millrace.htx.session.SessionListener;
import io.millrace.htx.session.SessionStream;
import io.millrace.htx.session.Violation;
import io.millrace.noise.NoiseTransport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A session with an authenticated other end, over one TCP connection. Its holder closes it.
 *
 * <p>May be used by several threads at once. Two virtual threads block on the socket, one to receive and one to send; a
 * lock, which none holds while it blocks, joins them with the threads of the application. The session's memory is freed
 * once the connection is closed and both threads have ended.
 */
public final class HtxConnection implements AutoCloseable {
    private static final Duration CLOSING_TIME = Duration.ofSeconds(10);
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final HtxEndpoint endpoint;
    private final SocketChannel channel;

    /** Null if this end began the session. */
    private final SessionPlace place;

    private final byte[] handshakeHash;
    private final byte[] remoteStatic;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final IdentityHashMap<SessionStream, HtxStream> streams = new IdentityHashMap<>();
    private final AcceptQueue unaccepted = new AcceptQueue(this);
    private final Session session;
    private final SocketThreads threads;

    private boolean handlerReturned;
    private boolean closing;
    private boolean gone;
    private boolean closed;
    private boolean freed;
    private long peakBuffered;
    private long seenDataFrames;

    private HtxConnection(HtxEndpoint endpoint, SocketChannel channel, NoiseTransport transport, SessionPlace place) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.place = place;
        this.handshakeHash = transport.handshakeHash();
        this.remoteStatic = transport.remoteStatic();
        this.session = Session.over(
                transport,
                place == null,
                endpoint.config(),
                endpoint.crypto(),
                endpoint.randomness(),
                new Events(),
                now());
        this.threads = new SocketThreads(this, channel, session, endpoint);
    }

    /**
     * Begins a session over a finished handshake.
     *
     * @param transport stays the caller's to close, its keys are taken out of it.
     * @param place of the session, given back when nothing of the connection is left, also if this throws; null if this end
     *     began the session.
     */
    static HtxConnection begin(
            HtxEndpoint endpoint, SocketChannel channel, NoiseTransport transport, SessionPlace place)
            throws IOException {
        HtxConnection connection = null;
        boolean begun = false;
        try {
            connection = new HtxConnection(endpoint, channel, transport, place);
            endpoint.enter(connection);
            connection.threads.start();
            if (place != null) {
                place.onDisplaced(connection::displace);
            }
            begun = true;
            return connection;
        } finally {
            if (connection == null) {
                giveBack(place);
            } else if (!begun) {
                connection.giveUp();
            }
        }
    }

    private static void giveBack(SessionPlace place) {
        if (place != null) {
            place.close();
        }
    }

    /**
     * Opens a stream.
     *
     * @throws IOException if too many are open, or the session is over.
     */
    public HtxStream open() throws IOException {
        lock.lock();
        try {
            final SessionStream stream = closing ? null : session.open(now());
            if (stream == null) {
                throw new IOException(
                        session.end() == null && !closing
                                ? "too many streams are open"
                                : over("no stream can be opened"));
            }
            final HtxStream wrapped = wrap(stream);
            flush();
            return wrapped;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next stream that the other end opens; null if the session is over. */
    public HtxStream accept() throws InterruptedException {
        try {
            return accept(FOR_EVER);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("centuries have passed", e);
        }
    }

    /**
     * Waits for the next stream that the other end opens; null if the session is over.
     *
     * @param timeout longest wait.
     * @throws SocketTimeoutException if none is opened in time.
     */
    public HtxStream accept(Duration timeout) throws InterruptedException, SocketTimeoutException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (unaccepted.size() == 0 && session.end() == null && !closed) {
                if (left <= 0) {
                    throw new SocketTimeoutException("no stream was opened within " + timeout.toMillis() + " ms");
                }
                left = changed.awaitNanos(left);
            }
            return unaccepted.poll();
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

    /** The rule that the other end broke, for counters of this end; null if it broke none. */
    public Violation violation() {
        lock.lock();
        try {
            return session.violation();
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

    /**
     * Sends the bytes that are queued, ends the session in order, waits for that 10 seconds at the most, and frees all. A
     * second call waits for the first.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closing) {
                closing = true;
                session.shutdown();
                flush();
            }
            awaitGone();
            endNow();
        } finally {
            lock.unlock();
        }
    }

    private void giveUp() {
        lock.lock();
        try {
            closed = true;
            leave();
            freeIfUnused();
        } finally {
            lock.unlock();
        }
    }

    private void awaitGone() {
        try {
            long left = CLOSING_TIME.toNanos();
            while (!gone && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it at once, and frees all. */
    void kill() {
        lock.lock();
        try {
            closing = true;
            endNow();
        } finally {
            lock.unlock();
        }
    }

    /** Its place went to a newcomer: ends it at once. Its holder finds it over, and frees it. */
    private void displace() {
        lock.lock();
        try {
            session.abort();
            leave();
            freeIfUnused();
        } finally {
            lock.unlock();
        }
    }

    private void endNow() {
        closed = true;
        session.abort();
        leave();
        freeIfUnused();
        while (!freed) {
            changed.awaitUninterruptibly();
        }
    }

    /** The server's handler has returned and left the connection to others, or to no one. */
    void handlerReturned() {
        lock.lock();
        try {
            handlerReturned = true;
            freeIfUnused();
        } finally {
            lock.unlock();
        }
    }

    // ---- under the lock, any thread

    /** Seals the frames that are due and wakes the thread that sends them. */
    void flush() {
        if (gone) {
            return;
        }
        session.fill(now());
        afterwards();
    }

    /** Follow-up work after frames were sealed or sent. */
    void afterwards() {
        final long moved = session.dataFrames();
        if (place != null && moved != seenDataFrames) {
            seenDataFrames = moved;
            place.progress(now());
        }
        if (session.finished()) {
            leave();
            return;
        }
        if (!session.hasOutbound()) {
            // No bytes wait for the next key.
            session.prepareKeys(now());
        } else {
            threads.wakeSender();
        }
        threads.due(session.deadlineNs());
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Streams that wait to be accepted; for tests. */
    int waiting() {
        lock.lock();
        try {
            return unaccepted.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Says why there is no session any more. */
    String over(String what) {
        return session.end() == null
                ? what + ": the connection is closed"
                : what + ": the session is over: " + session.end();
    }

    boolean isGone() {
        return gone;
    }

    /** Bytes have arrived. */
    void received() {
        session.received(now());
        peakBuffered = Math.max(peakBuffered, session.buffered());
        flush();
    }

    /** The carrier has ended; also when it was over before. */
    void leave() {
        if (gone) {
            return;
        }
        gone = true;
        try {
            session.disconnect();
        } finally {
            SocketDeadline.closeQuietly(channel);
            endpoint.deadlines().remove(threads);
            threads.wakeSender();
            signalAll();
        }
    }

    private void signalAll() {
        changed.signalAll();
        streams.values().forEach(HtxStream::signal);
    }

    /**
     * A connection that is over and of which a returned handler has kept no stream is as good as closed; streams that wait
     * to be accepted keep it for a while.
     */
    void freeIfUnused() {
        if (gone && handlerReturned && !freed) {
            unaccepted.expire(endpoint.deadlines());
        }
        final boolean forgotten = gone && handlerReturned && session.heldStreams() == 0;
        if (freed || threads.running() > 0 || !(closed || forgotten)) {
            return;
        }
        freed = true;
        closing = true;
        closed = true;
        try {
            session.close();
        } finally {
            endpoint.deadlines().remove(unaccepted);
            endpoint.forget(this);
            signalAll();
            giveBack(place);
        }
    }

    private HtxStream wrap(SessionStream stream) {
        final HtxStream wrapped = new HtxStream(this, stream);
        streams.put(stream, wrapped);
        return wrapped;
    }

    void forget(SessionStream stream) {
        streams.remove(stream);
        freeIfUnused();
    }

    long now() {
        return endpoint.deadlines().nanoTime();
    }

    /** Passes on the session's events. */
    private final class Events implements SessionListener {
        @Override
        public void onOpened(SessionStream stream) {
            unaccepted.add(wrap(stream));
            changed.signalAll();
        }

        @Override
        public void onReadable(SessionStream stream) {
            final HtxStream wrapped = streams.get(stream);
            if (stream.isReset() && unaccepted.remove(wrapped)) {
                // Given up before the application has seen it.
                streams.remove(stream);
                stream.release();
            }
            signal(wrapped);
        }

        @Override
        public void onWritable(SessionStream stream) {
            signal(streams.get(stream));
        }

        @Override
        public void onEnd(SessionEnd end) {
            signalAll();
        }

        private void signal(HtxStream stream) {
            if (stream != null) {
                stream.signal();
            }
        }
    }
}
