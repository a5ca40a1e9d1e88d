package io.millrace.htx.endpoint;

import io.millrace.htx.session.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The threads of a connection's socket: a virtual one that receives and a virtual one that sends, and the session's time.
 * Both hold the connection's lock except while they block on the socket. Whatever any of them throws ends this connection
 * only.
 */
final class SocketThreads implements Deadlines.Timed {
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private final HtxConnection connection;
    private final SocketChannel channel;
    private final Session session;
    private final HtxEndpoint endpoint;
    private final ReentrantLock lock;
    private final Condition sendable;
    private volatile long dueNs;

    /** Under the lock. */
    private int running;

    /** Under the lock: the sending thread is at work, or has been told to. */
    private boolean sending;

    SocketThreads(HtxConnection connection, SocketChannel channel, Session session, HtxEndpoint endpoint) {
        this.connection = connection;
        this.channel = channel;
        this.session = session;
        this.endpoint = endpoint;
        this.lock = connection.lock();
        this.sendable = lock.newCondition();
        this.dueNs = session.deadlineNs();
    }

    void start() {
        lock.lock();
        try {
            Thread.ofVirtual().name("htx-receive").start(() -> run(this::receiveAll));
            running++;
            Thread.ofVirtual().name("htx-send").start(() -> run(this::sendAll));
            running++;
            endpoint.deadlines().add(this);
            connection.flush();
        } finally {
            lock.unlock();
        }
    }

    /** Threads that may still touch the session's memory; under the lock. */
    int running() {
        return running;
    }

    /** There is something to send, or no more to do; under the lock. */
    void wakeSender() {
        if (!sending) {
            sending = true;
            sendable.signal();
        }
    }

    /** Says when the session wants to be called; under the lock. */
    void due(long ns) {
        final boolean earlier = ns - dueNs < 0;
        dueNs = ns;
        if (earlier) {
            endpoint.deadlines().moved(this, ns);
        }
    }

    @Override
    public long dueNs() {
        return dueNs;
    }

    @Override
    public void onDue(long nowNs) {
        lock.lock();
        try {
            if (!connection.isGone()) {
                session.tick(nowNs);
                connection.flush();
            }
        } catch (Throwable e) { // no other connection is to notice
            failed(e);
        } finally {
            lock.unlock();
        }
    }

    private void run(Work work) {
        // Taken by the thread that starts both until the connection is complete.
        lock.lock();
        try {
            work.run();
        } catch (IOException | InterruptedException e) {
            connection.leave(); // the carrier has ended
        } catch (Throwable e) { // no other connection is to notice
            failed(e);
        } finally {
            running--;
            try {
                connection.freeIfUnused();
            } catch (Throwable e) { // a later call tries again
                endpoint.failures().report(e);
            } finally {
                lock.unlock();
            }
        }
    }

    private void failed(Throwable e) {
        try {
            endpoint.failures().report(e);
            session.abort();
        } finally {
            connection.leave();
        }
    }

    private void receiveAll() throws IOException {
        while (!connection.isGone() && session.end() == null) {
            final ByteBuffer room = session.inbound();
            final int count;
            lock.unlock();
            try {
                count = channel.read(room);
            } finally {
                lock.lock();
            }
            if (connection.isGone()) {
                return;
            }
            if (count < 0) {
                connection.leave();
                return;
            }
            connection.received();
        }
    }

    private void sendAll() throws IOException, InterruptedException {
        while (!connection.isGone()) {
            if (!session.hasOutbound()) {
                sending = false;
                sendable.await();
                continue;
            }
            final ByteBuffer bytes = session.outbound();
            final int count;
            lock.unlock();
            try {
                count = channel.write(bytes);
            } finally {
                lock.lock();
            }
            if (!connection.isGone()) {
                session.sent(count);
                session.fill(connection.now());
                connection.afterwards();
            }
        }
    }
}
