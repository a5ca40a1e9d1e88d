package io.millrace.htx.admission;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** The network that an address counts for: its /24 with IPv4, its /56 with IPv6. */
public final class SourcePrefix {
    private static final int IPV4_LENGTH = 4;
    private static final long IPV4 = 1L << 60;

    private SourcePrefix() {}

    /** A number that is the same for all addresses of a network, and for no other's. */
    public static long of(InetAddress address) {
        final byte[] bytes = address.getAddress();
        if (bytes.length == IPV4_LENGTH) {
            return IPV4 | (ByteBuffer.wrap(bytes).getInt() >>> 8);
        }
        return ByteBuffer.wrap(bytes).getLong() >>> 8;
    }
}
