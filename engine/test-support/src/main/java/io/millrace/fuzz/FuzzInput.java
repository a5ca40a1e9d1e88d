package io.millrace.fuzz;

/**
 * Bytes chosen by a fuzzer, read from front to back as decisions. When they are used up, every further one is 0, so
 * that any bytes are a whole input.
 */
public final class FuzzInput {
    private final byte[] bytes;
    private int at;

    /** Reads {@code bytes}, which may be empty. */
    public FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Whether a byte is left: the condition of a loop over decisions. */
    public boolean hasMore() {
        return at < bytes.length;
    }

    /** A decision, 0 to 255. */
    public int next() {
        return hasMore() ? bytes[at++] & 0xff : 0;
    }

    /** A decision, 0 to {@code bound} - 1; {@code bound} is 1 to 65,536. */
    public int next(int bound) {
        return bound <= 256 ? next() % bound : (next() << 8 | next()) % bound;
    }

    /** The next {@code length} bytes, or all that are left. */
    public byte[] bytes(int length) {
        final byte[] taken = new byte[Math.min(length, bytes.length - at)];
        System.arraycopy(bytes, at, taken, 0, taken.length);
        at += taken.length;
        return taken;
    }

    /** All bytes that are left. */
    public byte[] rest() {
        return bytes(bytes.length);
    }

    /**
     * Changes one to four bytes of {@code genuine}, or none if the decisions cancel out; and may cut it off.
     *
     * @return the altered bytes, never longer.
     */
    public byte[] damage(byte[] genuine) {
        final byte[] damaged = genuine.clone();
        final int decision = next();
        for (int i = 0; i <= (decision & 3); i++) {
            damaged[next(damaged.length)] ^= (byte) next();
        }
        if ((decision & 0x1c) != 0x1c) {
            return damaged;
        }
        final byte[] cut = new byte[next(damaged.length + 1)];
        System.arraycopy(damaged, 0, cut, 0, cut.length);
        return cut;
    }

    /** Fails, as a property does that does not hold; assertions may be off while fuzzing. */
    public static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
