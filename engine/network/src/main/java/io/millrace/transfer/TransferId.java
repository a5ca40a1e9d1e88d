package io.millrace.transfer;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Names one transfer: 16 unguessable bytes, so that only the two ends can speak about it.
 *
 * @param low the first eight bytes on the wire, little endian.
 * @param high the last eight bytes on the wire, little endian.
 */
public record TransferId(long low, long high) {
    /** Length in bytes. */
    public static final int LENGTH = 16;

    /**
     * Draws a new id; {@code random} must be unpredictable outside tests.
     *
     * @param random source of the id.
     */
    public static TransferId draw(RandomGenerator random) {
        return new TransferId(random.nextLong(), random.nextLong());
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(low) + HexFormat.of().toHexDigits(high);
    }
}
