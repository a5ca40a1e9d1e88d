package io.millrace.htx.admission;

import io.millrace.crypto.Randomness;

/**
 * Token buckets of networks within networks. An IPv4 /24 and an IPv6 /56 have one each; an IPv6 /48 has one of 8 times
 * the size, a /32 of 32 times: one /48 otherwise has 256 buckets. A message takes a token of each.
 */
final class RateLimits {
    /** Buckets of the levels of {@link SourcePrefix}, as multiples of the smallest. */
    private static final int[] SIZES = {32, 8, 1};

    private final PrefixBuckets[] levels = new PrefixBuckets[SourcePrefix.LEVELS];

    /** Arguments as those of {@link PrefixBuckets}, for the smallest networks. */
    RateLimits(int perSecond, int burst, int networks, long nowNs, Randomness randomness) {
        for (int level = 0; level < SourcePrefix.LEVELS; level++) {
            levels[level] = new PrefixBuckets(
                    times(perSecond, SIZES[level]), times(burst, SIZES[level]), networks, nowNs, randomness);
        }
    }

    /** Takes a token of every bucket, the smallest network first; false if one has none. */
    boolean take(long prefix, long nowNs) {
        final int last = SourcePrefix.isIpv4(prefix) ? SourcePrefix.LEVELS - 1 : 0;
        for (int level = SourcePrefix.LEVELS - 1; level >= last; level--) {
            if (!levels[level].take(SourcePrefix.network(prefix, level), nowNs)) {
                return false;
            }
        }
        return true;
    }

    private static int times(int value, int factor) {
        return (int) Math.min(Integer.MAX_VALUE, (long) value * factor);
    }
}
