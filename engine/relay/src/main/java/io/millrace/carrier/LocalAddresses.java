package io.millrace.carrier;

import java.util.Arrays;

/**
 * The local addresses of a socket that is bound to the wildcard address: those at which datagrams of peers arrived lately, and
 * for each peer the one from which it is answered.
 *
 * <p>At most 64 addresses are remembered; a new one then takes the place of the one that came first, and origins that name
 * the latter are void. The address of a peer stays. An IPv6 address of one link goes with the index of the interface.
 *
 * <p>Not thread safe: belongs to the I/O thread. Allocates nothing but room for more peers.
 */
final class LocalAddresses {
    private static final int CAPACITY = 64;
    private static final int GENERATIONS = LocalOrigins.PLACES / CAPACITY;

    private final Table arrived = new Table();
    private final int[] generations = new int[CAPACITY];
    private int count;
    private int oldest;
    private int last;
    private final Table ofPeers = new Table();

    LocalAddresses() {
        arrived.grow(CAPACITY);
    }

    /**
     * Origin of a datagram.
     *
     * @param peer that it came from; one that is not known is its own origin.
     * @param high first 8 bytes of the local address at which it arrived, IPv4 in its mapped form.
     * @param low the other 8 bytes.
     * @param interfaceIndex of the interface at which it arrived.
     */
    int origin(int peer, long high, long low, int interfaceIndex) {
        if (peer < 0 || peer >= LocalOrigins.PEERS || !isSource(high, low)) {
            return peer;
        }
        final int entry = entry(high, low, isOfOneLink(high) ? interfaceIndex : 0);
        return LocalOrigins.of(peer, generations[entry] * CAPACITY + entry);
    }

    /** Has the peer answered from the address of that origin, unless the origin is another peer's or void. */
    void bind(int origin, int peer) {
        final int entry = entry(origin);
        if (entry >= 0 && LocalOrigins.peer(origin) == peer) {
            ofPeers.grow(peer + 1);
            ofPeers.set(peer, arrived.highs[entry], arrived.lows[entry], arrived.interfaces[entry]);
        }
    }

    /** Leaves the address from which the peer is answered to the system. */
    void unbind(int peer) {
        if (peer < ofPeers.highs.length) {
            ofPeers.set(peer, 0, 0, 0);
        }
    }

    /** Leaves it to the system if the messages were to leave from the address from which the peer is answered. */
    void giveUp(int peer, MessageVector messages) {
        if (peer < ofPeers.highs.length
                && messages.isFrom(ofPeers.highs[peer], ofPeers.lows[peer], ofPeers.interfaces[peer])) {
            unbind(peer);
        }
    }

    /** Has the messages leave from the peer's address, or from the one that the system picks. */
    void pointAtPeer(int peer, MessageVector messages) {
        if (peer < ofPeers.highs.length && isSource(ofPeers.highs[peer], ofPeers.lows[peer])) {
            messages.source(ofPeers.highs[peer], ofPeers.lows[peer], ofPeers.interfaces[peer]);
        } else {
            messages.noSource();
        }
    }

    /** Has the messages leave from the address of an origin; false if that is void. */
    boolean pointAtOrigin(int origin, MessageVector messages) {
        final int entry = entry(origin);
        if (entry >= 0) {
            messages.source(arrived.highs[entry], arrived.lows[entry], arrived.interfaces[entry]);
        }
        return entry >= 0;
    }

    /** Place of that address in the table, where it is entered if it is not there. */
    private int entry(long high, long low, int interfaceIndex) {
        if (arrived.is(last, high, low, interfaceIndex)) {
            return last;
        }
        for (int i = 0; i < count; i++) {
            if (arrived.is(i, high, low, interfaceIndex)) {
                last = i;
                return i;
            }
        }
        if (count < CAPACITY) {
            last = count++;
        } else {
            last = oldest;
            oldest = (oldest + 1) % CAPACITY;
            generations[last] = (generations[last] + 1) % GENERATIONS;
        }
        arrived.set(last, high, low, interfaceIndex);
        return last;
    }

    /** Place of the address of an origin; -1 if it is void. */
    private int entry(int origin) {
        if (!LocalOrigins.isOne(origin)) {
            return -1;
        }
        final int place = LocalOrigins.place(origin);
        final int entry = place % CAPACITY;
        return entry < count && generations[entry] == place / CAPACITY ? entry : -1;
    }

    /** Whether a datagram can be sent from there: neither no address, nor one of many receivers. */
    private static boolean isSource(long high, long low) {
        final boolean mapped = high == 0 && low >>> 32 == 0xffff;
        return mapped
                ? (int) low != 0 && (int) low != -1 && (int) low >>> 28 != 0xe
                : (high | low) != 0 && high >>> 56 != 0xff;
    }

    /** Whether it is in fe80::/10: every interface may have it. */
    private static boolean isOfOneLink(long high) {
        return high >>> 54 == 0xfe80 >>> 6;
    }

    /** Addresses by number, without an object for each. */
    private static final class Table {
        long[] highs = {};
        long[] lows = {};
        int[] interfaces = {};

        void grow(int needed) {
            if (needed > highs.length) {
                final int room = Math.max(needed, 2 * highs.length);
                highs = Arrays.copyOf(highs, room);
                lows = Arrays.copyOf(lows, room);
                interfaces = Arrays.copyOf(interfaces, room);
            }
        }

        boolean is(int index, long high, long low, int interfaceIndex) {
            return lows[index] == low && highs[index] == high && interfaces[index] == interfaceIndex;
        }

        void set(int index, long high, long low, int interfaceIndex) {
            highs[index] = high;
            lows[index] = low;
            interfaces[index] = interfaceIndex;
        }
    }
}
