package io.millrace.names;

import io.millrace.text.HostPort;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Looks the names of peers up at the start and again while the program runs: every {@link #DOWN} while a peer's link is
 * down, every {@link #UP} while it is up. A peer whose link is down moves on to the next address of its name; one whose name
 * cannot be looked up keeps its last address.
 *
 * <p>Threading: one daemon thread looks up and calls the listener, so a slow lookup delays other lookups only.
 */
public final class NameWatch implements AutoCloseable {
    /** Time between two lookups of a peer whose link is down. */
    public static final Duration DOWN = Duration.ofSeconds(10);

    /** Time between two lookups of a peer whose link is up. */
    public static final Duration UP = Duration.ofSeconds(60);

    /** Gets addresses and complaints; both on the thread of the watch. */
    public interface Listener {
        /**
         * Whether a peer can be reached now.
         *
         * @param peer index of the peer.
         */
        boolean isUp(int peer);

        /**
         * Takes the address of a peer.
         *
         * @param peer index of the peer.
         * @param address other than the one before.
         * @throws IllegalArgumentException if it is none for this peer; the next address is taken in the next round.
         */
        void onAddress(int peer, InetSocketAddress address);

        /**
         * Something changed for the worse or the better; said once.
         *
         * @param message one line for people.
         */
        void onMessage(String message);
    }

    private final List<HostPort> peers;
    private final NameLookup lookup;
    private final Listener listener;
    private final Watched[] watched;
    private final Thread thread;
    private volatile boolean closed;

    private NameWatch(List<HostPort> peers, NameLookup lookup, Listener listener) {
        this.peers = List.copyOf(peers);
        this.lookup = Objects.requireNonNull(lookup, "lookup");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.watched = peers.stream().map(each -> new Watched()).toArray(Watched[]::new);
        this.thread = Thread.ofPlatform().daemon().name("millrace-names").unstarted(this::run);
    }

    /** A watch without a thread, whose rounds the caller makes; for tests. */
    static NameWatch unstarted(List<HostPort> peers, NameLookup lookup, Listener listener) {
        return new NameWatch(peers, lookup, listener);
    }

    /**
     * Starts to look up, unless no peer has a name.
     *
     * @param peers by index; those that are written in numbers are never looked up.
     * @param lookup called by the watch's thread alone.
     * @param listener called by the watch's thread alone.
     */
    public static NameWatch start(List<HostPort> peers, NameLookup lookup, Listener listener) {
        final NameWatch watch = new NameWatch(peers, lookup, listener);
        if (peers.stream().anyMatch(each -> HostAddresses.literal(each).isEmpty())) {
            watch.thread.start();
        }
        return watch;
    }

    /** Ends the thread; a lookup under way ends by itself, and its result is dropped. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try {
            while (!closed) {
                round(System.nanoTime());
                TimeUnit.SECONDS.sleep(1);
            }
        } catch (InterruptedException e) {
            assert closed : e;
        }
    }

    /** Looks up the names that are due. */
    void round(long nowNs) {
        for (int peer = 0; peer < watched.length && !closed; peer++) {
            final Watched each = watched[peer];
            if (HostAddresses.literal(peers.get(peer)).isEmpty() && (!each.begun || nowNs - each.dueNs >= 0)) {
                each.begun = true;
                each.dueNs = nowNs + DOWN.toNanos();
                look(peer, each, nowNs);
            }
        }
    }

    private void look(int peer, Watched each, long nowNs) {
        try {
            final boolean up = each.address != null && listener.isUp(peer);
            if (up) {
                each.dueNs = nowNs + UP.toNanos();
            }
            final List<InetSocketAddress> found = HostAddresses.resolve(peers.get(peer), lookup);
            if (closed) {
                return;
            }
            final int before = found.indexOf(each.address);
            if (!up || before < 0) {
                take(peer, each, found.get((before + 1) % found.size()));
            }
            if (each.complained) {
                each.complained = false;
                listener.onMessage(
                        "the address of " + peers.get(peer) + " is known again: " + HostPort.text(each.address));
            }
        } catch (UnknownHostException | RuntimeException e) { // no failure of one lookup ends the watch
            if (!each.complained) {
                each.complained = true;
                listener.onMessage(peers.get(peer) + " has no address to use, "
                        + (each.address == null
                                ? "its peer has no link"
                                : "the last one stays: " + HostPort.text(each.address))
                        + "; looking it up again every " + DOWN.toSeconds() + " s: " + e.getMessage());
            }
        }
    }

    private void take(int peer, Watched each, InetSocketAddress address) {
        if (!address.equals(each.address)) {
            each.address = address; // also if it is refused, so that the next round takes the one after it
            listener.onAddress(peer, address);
        }
    }

    /** State of one name; the watch's thread alone uses it. */
    private static final class Watched {
        private InetSocketAddress address;
        private long dueNs;
        private boolean begun;
        private boolean complained;
    }
}
