package io.millrace.htx.endpoint;

import io.millrace.htx.admission.HandshakeCounters;
import io.millrace.htx.admission.SessionPlace;
import io.millrace.htx.admission.SessionPlaces;
import io.millrace.htx.admission.SourcePrefix;
import io.millrace.htx.admission.Stranger;
import io.millrace.htx.admission.StrangerAdmission;
import io.millrace.htx.handshake.HandshakeAcceptor;
import io.millrace.noise.NoiseTransport;
import io.millrace.thread.ThreadEnd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An address at which an endpoint answers handshakes, each on a virtual thread. Closing it ends the handshakes that are
 * under way; the sessions go on. May be used by any thread.
 */
public final class HtxListener implements AutoCloseable {
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final HtxEndpoint endpoint;
    private final HtxServer server;
    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final HandshakeAcceptor responder;
    private final StrangerAdmission strangers;
    private final Set<InboundConnection> handshakes = ConcurrentHashMap.newKeySet();
    private final SessionPlaces sessions;
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong acceptFailures = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread acceptor;

    HtxListener(HtxEndpoint endpoint, ServerSocketChannel channel, HtxServer server, InstantSource clock)
            throws IOException {
        this.endpoint = endpoint;
        this.server = server;
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.strangers = new StrangerAdmission(
                server.maxConnections(), server.admission().timeoutNs());
        this.sessions = new SessionPlaces(server.maxConnections());
        this.responder = new HandshakeAcceptor(
                server.own(),
                server.ticketKeys(),
                server.welcome(),
                MemorySegment.NULL,
                server.admission(),
                clock,
                nanoTime(),
                endpoint.randomness());
        this.acceptor = Thread.ofVirtual().name("htx-accept").unstarted(this::acceptAll);
    }

    void start() {
        acceptor.start();
    }

    /** The address that it listens on. */
    public InetSocketAddress address() {
        return address;
    }

    /** How the handshakes went. */
    public HandshakeCounters counters() {
        return responder.counters();
    }

    /** Handshakes that wait for their third message now. */
    public int pending() {
        return responder.pending();
    }

    /** Connections that were closed for want of a place for one more session. */
    public long turnedAway() {
        return turnedAway.get();
    }

    /** Connections that lost their place in a handshake to a newcomer, because all were taken. */
    public long displaced() {
        return strangers.displaced();
    }

    /** Sessions that ended because a newcomer got their place, all being taken: see {@link SessionPlaces}. */
    public long displacedSessions() {
        return sessions.displaced();
    }

    /** Times that the system gave no socket for a connection, too many open files for instance; each was tried again. */
    public long acceptFailures() {
        return acceptFailures.get();
    }

    /** Connections that ended because the server's predicate or handler threw, or because memory ran out for them. */
    public long failures() {
        return failures.get();
    }

    /** Connections that are open now: those in a handshake, and sessions that the application has not closed. */
    public int open() {
        return strangers.count() + sessions.count();
    }

    /** Listens no more, ends handshakes that are under way, and returns when none uses the server's keys any more. */
    @Override
    public void close() {
        closing.countDown();
        SocketDeadline.closeQuietly(channel);
        if (!acceptor.isVirtual() || acceptor.getState() != Thread.State.NEW) {
            ThreadEnd.await(acceptor);
        }
        for (InboundConnection each : handshakes) {
            each.cancel();
        }
        for (InboundConnection each : handshakes) {
            each.awaitOver();
        }
        responder.close();
        endpoint.forget(this);
    }

    // ---- accepting

    private void acceptAll() {
        long pauseNs = FIRST_PAUSE_NS;
        while (channel.isOpen()) {
            try {
                admit(channel.accept());
                pauseNs = FIRST_PAUSE_NS;
            } catch (Throwable e) { // too many open files, no memory for one more: neither ends the others
                if (channel.isOpen()) {
                    acceptFailures.incrementAndGet();
                    if (!(e instanceof IOException)) {
                        failed(e);
                    }
                    awaitClosing(pauseNs);
                    pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
                }
            }
        }
    }

    private void admit(SocketChannel client) throws IOException {
        boolean started = false;
        try {
            final long nowNs = nanoTime();
            final long prefix = SourcePrefix.of(((InetSocketAddress) client.getRemoteAddress()).getAddress());
            if (!sessions.mayAdmit(prefix, nowNs)) {
                turnedAway.incrementAndGet();
                return;
            }
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            final Stranger place = strangers.admit(prefix, () -> SocketDeadline.closeQuietly(client), nowNs);
            InboundConnection handshake = null;
            try {
                handshake = new InboundConnection(this, client, place, nowNs);
                final InboundConnection served = handshake;
                handshakes.add(served);
                Thread.ofVirtual().name("htx-connection").start(() -> serve(served));
                started = true;
            } finally {
                if (!started) {
                    if (handshake != null) {
                        handshakes.remove(handshake);
                        handshake.cancel();
                    }
                    place.close();
                }
            }
        } finally {
            if (!started) {
                client.close();
            }
        }
    }

    /** The whole life of one connection; callers' code is contained. */
    private void serve(InboundConnection handshake) {
        final HtxConnection connection;
        try {
            connection = handshake.run();
        } finally {
            handshakes.remove(handshake);
        }
        if (connection == null) {
            return;
        }
        try {
            server.onConnection().accept(connection);
            connection.handlerReturned();
        } catch (Throwable e) { // the application's handler: ends its connection only
            failed(e);
            connection.kill();
        }
    }

    // ---- for the handshakes

    HandshakeAcceptor responder() {
        return responder;
    }

    Deadlines deadlines() {
        return endpoint.deadlines();
    }

    long nanoTime() {
        return endpoint.deadlines().nanoTime();
    }

    void failed(Throwable e) {
        failures.incrementAndGet();
        endpoint.failures().report(e);
    }

    /** Waits for {@code ns}, or until the listener closes. */
    void awaitClosing(long ns) {
        try {
            if (closing.await(ns, TimeUnit.NANOSECONDS)) {
                assert !channel.isOpen() || closing.getCount() == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A session over a finished handshake; null if there is no place for it. */
    HtxConnection established(SocketChannel client, long prefix, NoiseTransport transport) throws IOException {
        final SessionPlace place = sessions.admit(prefix, nanoTime());
        if (place == null) {
            turnedAway.incrementAndGet();
            return null;
        }
        return HtxConnection.begin(endpoint, client, transport, place);
    }
}
