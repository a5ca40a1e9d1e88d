package io.millrace.htx.admission;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** The network that an address counts for: its /24 with IPv4, its /56 with IPv6; and the networks around that. */
public final class SourcePrefix {
    /** Networks around an address: of IPv6 the /32, the /48 and the /56; of IPv4 the /24 only. */
    static final int LEVELS = 3;

    private static final int IPV4_LENGTH = 4;
    private static final long IPV4 = 1L << 60;

    /** Bits of a /56 that are not part of the network at each level. */
    private static final int[] SHIFTS = {24, 8, 0};

    private SourcePrefix() {}

    /**
     * A number that is the same for all addresses of a network, and for no other's.
     *
     * @param address of the sender.
     */
    public static long of(InetAddress address) {
        final byte[] bytes = address.getAddress();
        if (bytes.length == IPV4_LENGTH) {
            return IPV4 | (ByteBuffer.wrap(bytes).getInt() >>> 8);
        }
        return ByteBuffer.wrap(bytes).getLong() >>> 8;
    }

    /** Whether the network is an IPv4 /24, which is the same at all levels. */
    static boolean isIpv4(long prefix) {
        return (prefix & IPV4) != 0;
    }

    /**
     * The network around a prefix at a level, as a number that no other network of any level has.
     *
     * @param level 0, the largest, to {@link #LEVELS} - 1, the prefix itself.
     */
    static long network(long prefix, int level) {
        return isIpv4(prefix) || SHIFTS[level] == 0 ? prefix : (prefix >>> SHIFTS[level]) | (level + 1L) << 61;
    }
}
