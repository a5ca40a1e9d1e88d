package io.millrace.htx.admission;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Places for sessions, shared among networks: an IPv4 /24, or an IPv6 /32 with its /48s and /56s, never keeps another from
 * its share.
 *
 * <p>If all places are taken, a newcomer gets that of a session of the greediest network which has moved no byte of a stream
 * for longest, provided that this network still has no fewer than the newcomer's. Otherwise it gets the place of
 * a session that has moved none for {@link #STALLED_NS}, of the same network or of one with as many; otherwise none. A
 * network full of peers that read nothing so pays for its own newcomers, and sessions at work are not touched for the sake
 * of a network that has its share.
 *
 * <p>A displaced session counts until it is freed. While an eighth of the places, one at least, is freed, no more are
 * displaced: with these there are never more sessions than {@link #most}.
 *
 * <p>May be used by several threads at once; a displaced session is ended by the thread that admits the newcomer, outside of
 * any lock. A call costs a few map operations, and a look at each place if all are taken.
 */
public final class SessionPlaces {
    /** Time without progress after which a session may lose its place to a network that has as many: 10 seconds. */
    public static final long STALLED_NS = TimeUnit.SECONDS.toNanos(10);

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int ENDING_PART = 8;

    private final int places;
    private final PrefixGroup<SessionPlace> all = new PrefixGroup<>(0, 0);
    private final Set<SessionPlace> ending = new HashSet<>();
    private long arrivals;
    private long displaced;
    private boolean looked;
    private long lookedNs;
    private boolean stalled;

    /**
     * Creates places.
     *
     * @param places sessions at once, 1 or more; those that are displaced and not freed yet are besides.
     */
    public SessionPlaces(int places) {
        if (places < 1) {
            throw new IllegalArgumentException("places must be 1 or more: places=" + places);
        }
        this.places = places;
    }

    /**
     * Most sessions at once, those included that are displaced and not freed yet.
     *
     * @param places as for the constructor, 1 or more.
     */
    public static int most(int places) {
        return (int) Math.min(Integer.MAX_VALUE, (long) places + endingLimit(places));
    }

    private static int endingLimit(int places) {
        return Math.max(1, places / ENDING_PART);
    }

    /**
     * Whether a newcomer is likely to get a place: cheap, to be asked before its handshake. That a session is stalled is
     * looked up ten times a second at the most.
     *
     * @param prefix network of the newcomer: {@link SourcePrefix}.
     * @param nowNs on the clock of {@link #admit}.
     */
    public synchronized boolean mayAdmit(long prefix, long nowNs) {
        if (all.size() < places) {
            return true;
        }
        return mayDisplace() && (all.greediestSize() > all.size(prefix) + 1 || isAnyStalled(nowNs));
    }

    private boolean mayDisplace() {
        return ending.size() < endingLimit(places);
    }

    private boolean isAnyStalled(long nowNs) {
        if (!looked || nowNs - lookedNs >= LOOK_NS) {
            looked = true;
            lookedNs = nowNs;
            final SessionPlace longest = longestStalled(all.members(), 0, nowNs);
            stalled = longest != null && isStalled(longest, nowNs);
        }
        return stalled;
    }

    private static boolean isStalled(SessionPlace place, long nowNs) {
        return nowNs - place.progressNs() >= STALLED_NS;
    }

    /**
     * Gives a place to a session.
     *
     * @param prefix network of the other end: {@link SourcePrefix}.
     * @param nowNs on a monotonic clock.
     * @return the place, which the caller closes; null if there is none.
     */
    public SessionPlace admit(long prefix, long nowNs) {
        final SessionPlace newcomer;
        Runnable close = null;
        synchronized (this) {
            if (all.size() >= places) {
                final SessionPlace loser = mayDisplace() ? loser(prefix, nowNs) : null;
                if (loser == null) {
                    return null;
                }
                all.remove(loser);
                ending.add(loser);
                displaced++;
                close = loser.displace();
            }
            newcomer = new SessionPlace(this, prefix, arrivals++, nowNs);
            all.add(newcomer);
        }
        if (close != null) {
            close.run();
        }
        return newcomer;
    }

    /** The place that the newcomer gets; null if none. */
    private SessionPlace loser(long prefix, long nowNs) {
        final int own = all.size(prefix);
        if (all.greediestSize() > own + 1) {
            return longestStalled(all.greediest(), 1, nowNs);
        }
        final SessionPlace loser = longestStalled(all.members(), own, nowNs);
        return loser != null && isStalled(loser, nowNs) ? loser : null;
    }

    /** The one without progress for longest, of networks with at least {@code least} sessions. */
    private SessionPlace longestStalled(Set<SessionPlace> among, int least, long nowNs) {
        SessionPlace longest = null;
        long longestNs = 0;
        for (SessionPlace each : among) {
            final long stalledNs = nowNs - each.progressNs();
            if ((longest == null || stalledNs > longestNs) && all.size(each.prefix()) >= least) {
                longest = each;
                longestNs = stalledNs;
            }
        }
        return longest;
    }

    /** Sessions that have a place now, and those that are displaced and not freed yet. */
    public synchronized int count() {
        return all.size() + ending.size();
    }

    /** Sessions that lost their place to a newcomer, since the start. */
    public synchronized long displaced() {
        return displaced;
    }

    synchronized void leave(SessionPlace place) {
        if (!all.remove(place)) {
            ending.remove(place);
        }
    }
}
