package io.millrace.frame;

import java.time.Duration;

/**
 * How much one key of one direction may be used: whichever comes first.
 *
 * @param frames frames, 2 to 2^31 - 1, the KEY_UPDATE that ends the key included.
 * @param bytes bytes of ciphertext and tags, at least two of the largest frames.
 * @param age time since the key's first use, positive; counted by the sender only.
 */
public record RekeyLimits(int frames, long bytes, Duration age) {
    /** The profile's: 2^16 frames, 8 GiB, 1 hour. */
    public static final RekeyLimits HTX1 = new RekeyLimits(1 << 16, 8L << 30, Duration.ofHours(1));

    /** Checks the ranges. */
    public RekeyLimits {
        if (frames < 2 || bytes < 2L * Frame.HARD_MAX_LENGTH || age.isZero() || age.isNegative()) {
            throw new IllegalArgumentException(
                    "a key must serve for a while: frames=" + frames + ", bytes=" + bytes + ", age=" + age);
        }
    }
}
