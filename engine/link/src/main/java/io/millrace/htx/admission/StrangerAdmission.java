package io.millrace.htx.admission;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Places for strangers: connections that were accepted and have no session yet. Sessions have their own bound, so that
 * strangers never take a session's place.
 *
 * <p>A newcomer always gets a place. If all are taken, the oldest stranger of the greediest network loses its place: of
 * the IPv4 /24 or IPv6 /32 with the most strangers, and within an IPv6 /32 of its greediest /48, then /56. Networks with
 * equally many are taken by the age of their oldest stranger. One network that holds connections without a handshake
 * therefore displaces its own.
 *
 * <p>The patience with a stranger is full while at most half of the places are taken, and falls to an eighth when all
 * are.
 *
 * <p>May be used by several threads at once; a displaced connection is closed by the thread that admits the newcomer,
 * outside of any lock. A call costs a few map operations, whatever the number of places.
 */
public final class StrangerAdmission {
    /** The least part of the patience that remains under full pressure. */
    private static final int LEAST_PATIENCE = 8;

    private final int places;
    private final long patienceNs;
    private final PrefixGroup<Stranger> all = new PrefixGroup<>(0, 0);
    private long arrivals;
    private final AtomicLong displaced = new AtomicLong();

    /**
     * Creates places for strangers.
     *
     * @param places strangers at once, 1 or more.
     * @param patienceNs time for a whole handshake while there is no pressure, in nanoseconds, 1 or more.
     */
    public StrangerAdmission(int places, long patienceNs) {
        if (places < 1 || patienceNs < 1) {
            throw new IllegalArgumentException(
                    "places and patienceNs must be 1 or more: places=" + places + ", patienceNs=" + patienceNs);
        }
        this.places = places;
        this.patienceNs = patienceNs;
    }

    /**
     * Gives a place to a connection that was just accepted, at the expense of another if all are taken.
     *
     * @param prefix network of the sender: {@link SourcePrefix}.
     * @param close closes the newcomer's connection, should it be displaced; must not wait and must not throw. Called at
     *     most once, by another thread that admits, and never after {@link Stranger#leave()} has returned true.
     * @param nowNs time of {@code accept}, on a monotonic clock.
     * @return the place, which the caller gives back by {@link Stranger#close()} when there is a session, or none will be.
     */
    public Stranger admit(long prefix, Runnable close, long nowNs) {
        Objects.requireNonNull(close, "close");
        final Stranger newcomer;
        Stranger loser = null;
        synchronized (this) {
            newcomer = new Stranger(this, prefix, close, nowNs, arrivals++);
            all.add(newcomer);
            if (all.size() > places) {
                loser = all.oldestOfTheGreediest();
                loser.markDisplaced();
                all.remove(loser);
            }
        }
        if (loser != null) {
            displaced.incrementAndGet();
            loser.runClose();
        }
        return newcomer;
    }

    /** Strangers that have a place now. */
    public synchronized int count() {
        return all.size();
    }

    /** Strangers that lost their place to a newcomer, since the start. */
    public long displaced() {
        return displaced.get();
    }

    /** The time that a handshake may take in all under the present pressure, in nanoseconds. */
    public synchronized long patienceNs() {
        final int half = places / 2;
        final int over = all.size() - half;
        if (over <= 0 || places < 2) {
            return patienceNs;
        }
        final long least = Math.max(1, patienceNs / LEAST_PATIENCE);
        return patienceNs - (long) ((double) (patienceNs - least) * over / (places - half));
    }

    synchronized boolean leave(Stranger stranger) {
        return all.remove(stranger);
    }
}
